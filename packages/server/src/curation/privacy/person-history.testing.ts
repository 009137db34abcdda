import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LearningExample } from "@agent-learning/contract";
import type { ApiAnswer, ApiCall, TestApi } from "../../testing/test-api.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";

/** What a person left behind, and what to look for it by. */
export interface PersonHistory {
  /** The caller's own id of the person. */
  person: string;
  /** In every text that the person wrote, and in what others wrote about those texts. */
  mark: string;
  /** In what another person wrote, on executions of their own. */
  otherMark: string;
  otherPerson: string;
  datasetId: string;
  versionId: string;
  exampleIds: string[];
  otherExampleIds: string[];
}

const QUALITY = { technical_accuracy: 0.9, professional_quality: 0.9, completeness: 0.9, clarity: 0.9 };
// Nothing here is about thresholds.
const POLICY = {
  training: {
    annotation_overlap: 2,
    double_annotation_share: 0,
    min_quality_score: 0,
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
  },
};

type Call = <T = Record<string, unknown>>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options?: Omit<ApiCall, "body">,
) => Promise<ApiAnswer<T>>;

async function answerAll(call: Call, person: string, mark: string): Promise<void> {
  const execution = (n: number, more: object = {}): object => ({
    agent_id: "my-agent",
    execution_id: `${person}:${n}`,
    user_id: person,
    unit_id: person,
    session_id: `session of ${person}`,
    input_text: `question ${n} ${mark}`,
    input_context: { asked_by: mark },
    output_text: `answer ${n} ${mark}`,
    status: "succeeded",
    metadata: { note: mark },
    ...more,
  });
  const record = (n: number, more?: object): Promise<unknown> =>
    call("POST", "/executions", execution(n, more), { headers: { "idempotency-key": `${person}/${n}` } });
  for (let n = 0; n < 6; n += 1) await record(n);
  await record(6, { status: "failed", error_type: "timeout", error_message: `broke on ${mark}` });
  await record(7, { metadata: { confidence: 0.1 } });
  await call("POST", "/retrievals", {
    agent_id: "my-agent",
    execution_id: `${person}:0`,
    query: `query ${mark}`,
    chunks: [{ chunk_id: "chunk", rank: 1, excerpt: `excerpt ${mark}` }],
  });
}

async function rateAll(call: Call, person: string, mark: string): Promise<void> {
  const rate = (n: number | string, more: object, key?: string) =>
    call<{ id: string }>(
      "POST",
      "/feedback",
      { agent_id: "my-agent", execution_id: `${person}:${n}`, user_id: person, ...more },
      key === undefined ? {} : { headers: { "idempotency-key": key } },
    );
  const text = `because ${mark}`;
  await rate(0, { feedback_type: "thumbs_up", feedback_text: text, metadata: { page: mark } });
  for (let n = 1; n < 5; n += 1) {
    await rate(
      n,
      { feedback_type: "correction", correction_text: `rather ${n} ${mark}` },
      `key-${n}-${person}`,
    );
  }
  const amended = await rate(5, { feedback_type: "rating", rating: 2, feedback_text: text });
  await call(
    "PATCH",
    `/feedback/${amended.body.id}`,
    { rating: 4 },
    {
      headers: { "if-match": '"1"', "idempotency-key": `amend-${mark}` },
    },
  );
  const withdrawn = await rate(5, { feedback_type: "comment", feedback_text: `never mind ${mark}` });
  await call("DELETE", `/feedback/${withdrawn.body.id}`);
  await rate("too-early", { feedback_type: "comment", feedback_text: `early ${mark}` });
}

async function experiment(call: Call, person: string, mark: string): Promise<void> {
  const version = async (k: number): Promise<string> => {
    const config = { runtime: "demonstrations", retrieval: { k } };
    return (await call<{ id: string }>("POST", "/agents/my-agent/versions", { config })).body.id;
  };
  const [control, treatment] = [await version(1), await version(2)];
  await call("POST", "/agents/my-agent/serving", { version_id: control });
  const draft = await call<{ id: string; revision: number }>("POST", "/experiments", {
    agent_id: "my-agent",
    name: "test",
    control_config: { version_id: control },
    treatment_config: { version_id: treatment },
    primary_metric: "task_completion",
  });
  const { id } = draft.body;
  await call("PATCH", `/experiments/${id}`, { status: "running" }, { headers: { "if-match": '"1"' } });
  const split = { kind: "experiment", id, arm: "treatment" };
  await call("POST", "/executions", {
    agent_id: "my-agent",
    execution_id: `in-experiment-${person}`,
    user_id: person,
    unit_id: person,
    split,
    input_text: `question ${mark}`,
    output_text: "answer",
    status: "succeeded",
    task_completed: true,
  });
  await call("POST", "/exposures", { exposures: [{ ...split, unit_id: person }] }, { as: "secret" });
  const outcome = {
    kind: "experiment",
    id,
    unit_id: person,
    outcome_id: `${person} done`,
    metric: "task_completion",
    value: 1,
  };
  await call("POST", "/outcomes", { outcomes: [outcome] }, { as: "secret" });
  await call("PATCH", `/experiments/${id}`, { status: "stopped" }, { headers: { "if-match": '"2"' } });
}

/** What experts say of each example repeats what the example says. */
async function annotateAll(call: Call, examples: readonly LearningExample[]): Promise<void> {
  for (const { id, input_text: text, example_type: type } of examples) {
    for (const as of ["annotator", "reviewer"] as const) {
      await call(
        "POST",
        "/annotations",
        {
          learning_example_id: id,
          decision: "approve",
          ...QUALITY,
          notes: `seen: ${text}`,
          improvement_suggestions: `better: ${text}`,
          ...(type === "correction" || type === "positive" ? {} : { corrected_output: `expert on ${text}` }),
        },
        { as },
      );
    }
  }
}

async function learn(
  call: Call,
  examples: readonly LearningExample[],
): Promise<Pick<PersonHistory, "datasetId" | "versionId">> {
  const dataset = await call<{ id: string }>("POST", "/datasets", { agent_id: "my-agent", name: "all" });
  const datasetId = dataset.body.id;
  await call("POST", `/datasets/${datasetId}/freeze`);
  const demonstrations = examples.map(({ id, input_text: input, expected_output: output }, index) => ({
    input,
    output: output === "" ? "none" : output,
    // One without its lineage: found by its words.
    ...(index === 0 ? {} : { example_id: id }),
  }));
  const version = await call<{ id: string }>("POST", "/agents/my-agent/versions", {
    config: { runtime: "demonstrations", demonstrations },
  });
  const run = await call<{ id: string }>("POST", "/optimize-prompt", {
    agent_id: "my-agent",
    dataset_id: datasetId,
  });
  for (let tries = 0; ; tries += 1) {
    const { body } = await call<{ status: string; error: unknown }>(
      "GET",
      `/training-runs/by-id/${run.body.id}`,
    );
    if (body.status === "completed") break;
    if (body.status === "failed" || tries > 600) throw new Error(`the run is ${JSON.stringify(body)}`);
    await sleep(50);
  }
  return { datasetId, versionId: version.body.id };
}

/** One person's life in the system through its API, and another's beside it. The agent is `my-agent`. */
export async function livePersonHistory(
  api: TestApi,
  organization: TestOrganization,
): Promise<PersonHistory> {
  const call: Call = async (method, path, body, options = {}) => {
    const answer = await api.call<never>(organization, method, path, {
      ...options,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const unique = randomBytes(6).toString("hex");
  const [person, mark] = [`person-${unique}`, `marked${unique}`];
  const [otherPerson, otherMark] = [`other-${unique}`, `others${unique}`];
  await call("PATCH", "/agents/my-agent", { policy: POLICY }, { headers: { "if-match": '"1"' } });
  for (const [who, what] of [
    [person, mark],
    [otherPerson, otherMark],
  ] as const) {
    await answerAll(call, who, what);
    await rateAll(call, who, what);
  }
  // Another person's vote makes an example of this person's words.
  const vote = { agent_id: "my-agent", execution_id: `${person}:0`, user_id: otherPerson };
  await call("POST", "/feedback", { ...vote, feedback_type: "thumbs_up" });
  await experiment(call, person, mark);

  const list = await call<{ data: LearningExample[] }>("GET", "/examples?limit=200&is_active=true");
  const all = list.body.data;
  const [open, ...rest] = all.filter((one) => one.input_text.includes(mark));
  if (open === undefined) throw new Error("no example was made of the person's evidence");
  const others = all.filter((one) => one.input_text.includes(otherMark));
  // One stays open, and somebody passes on it with a reason.
  await annotateAll(call, [...rest, ...others]);
  const claimed = await call<{ task: { id: string; fencing_token: number } }>(
    "POST",
    "/annotations/claim",
    {},
    { as: "annotator" },
  );
  const { id, fencing_token: token } = claimed.body.task;
  await call(
    "POST",
    `/annotations/tasks/${id}/release`,
    { fencing_token: token, reason: `too hard: ${mark}` },
    { as: "annotator" },
  );
  for (const source of [{ execution_id: `${person}:1` }, { learning_example_id: rest[0]?.id }]) {
    await call("POST", "/regression-cases", {
      agent_id: "my-agent",
      expected_output: `as ${mark}`,
      ...source,
    });
  }
  const approved = await call<{ data: LearningExample[] }>(
    "GET",
    "/examples?limit=200&review_status=approved",
  );
  const learnt = await learn(call, approved.body.data);
  return {
    person,
    mark,
    otherPerson,
    otherMark,
    ...learnt,
    exampleIds: [open, ...rest].map((one) => one.id),
    otherExampleIds: others.map((one) => one.id),
  };
}
