import type { LearningExample } from "@agent-learning/contract";
import type { ApiCall, TestApi } from "../../testing/test-api.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";

/** Repeatable numbers from 0 to 1 (a 32-bit linear congruential generator; the high bits are good enough for choosing). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface World {
  experimentId: string;
  /** Caller's own id of the end user who is to be erased. */
  endUser: string;
}

type Call = <T = Record<string, unknown>>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options?: Omit<ApiCall, "body">,
) => Promise<T>;

/** Calls that are expected to work. */
export function caller(api: TestApi, organization: TestOrganization): Call {
  return async (method, path, body, options = {}) => {
    const answer = await api.call<never>(organization, method, path, {
      ...options,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
}

function someFeedback(random: () => number): object {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const more = {
    ...(random() < 0.5 ? { issue_categories: [pick(["incorrect", "unclear"])] } : {}),
    ...(random() < 0.5 ? { dimensions: { accuracy: pick([1, 2, 4, 5]) } } : {}),
  };
  return pick([
    { feedback_type: "thumbs_up", ...more },
    { feedback_type: "thumbs_down", ...more },
    { feedback_type: "rating", rating: pick([1, 2, 3, 4, 5]), ...more },
    { feedback_type: "correction", correction_text: "another answer", ...more },
    { feedback_type: "comment", feedback_text: "hm", ...more },
    { feedback_type: "implicit", signal: "copied" },
  ]);
}

async function startExperiment(call: Call): Promise<string> {
  const versions = [];
  for (const k of [1, 2]) {
    const config = { runtime: "demonstrations", retrieval: { k } };
    versions.push(await call<{ id: string }>("POST", "/agents/my-agent/versions", { config }));
  }
  const [control, treatment] = versions.map(({ id }) => id);
  await call("POST", "/agents/my-agent/serving", { version_id: control });
  const { id } = await call<{ id: string }>("POST", "/experiments", {
    agent_id: "my-agent",
    name: "test",
    control_config: { version_id: control },
    treatment_config: { version_id: treatment },
    primary_metric: "satisfaction",
  });
  await call("PATCH", `/experiments/${id}`, { status: "running" }, { headers: { "if-match": '"1"' } });
  return id;
}

/** Executions for ten units in an experiment, and what people say of them; the leaver and a member say something of every one. */
async function talk(call: Call, seed: number, withThem: boolean, experimentId: string): Promise<void> {
  const [others, theirs] = [seeded(seed), seeded(seed + 1_000)];
  for (let n = 0; n < 10; n += 1) {
    const execution = {
      agent_id: "my-agent",
      execution_id: `execution-${n}`,
      unit_id: `unit-${n}`,
      ...(n % 3 === 0 && withThem ? { user_id: "leaver" } : {}),
      split: { kind: "experiment", id: experimentId, arm: n % 2 === 0 ? "control" : "treatment" },
      input_text: `question ${n}`,
      output_text: `answer ${n}`,
      latency_ms: 100 + n,
      status: "succeeded",
    };
    const about = { agent_id: "my-agent", execution_id: execution.execution_id };
    const said = someFeedback(theirs);
    // One comes before its execution.
    if (withThem && n === 4) await call("POST", "/feedback", { ...about, user_id: "leaver", ...said });
    await call("POST", "/executions", execution);
    if (n % 3 !== 0)
      await call("POST", "/feedback", { ...about, user_id: `user-${n}`, ...someFeedback(others) });
    if (!withThem) continue;
    if (n !== 4) await call("POST", "/feedback", { ...about, user_id: "leaver", ...said });
    const { id } = await call<{ id: string }>(
      "POST",
      "/feedback",
      { ...about, ...someFeedback(theirs) },
      { as: "annotator" },
    );
    if (n % 4 === 0) await call("DELETE", `/feedback/${id}`);
  }
  if (!withThem) return;
  await call("POST", "/feedback", {
    agent_id: "my-agent",
    execution_id: "never",
    user_id: "leaver",
    feedback_type: "thumbs_down",
  });
}

const SPLIT_DECIDERS = ["reviewer", "admin"] as const;

/**
 * Reviews in which others' dimensions always come to .8, so that what scores lean towards is the same at every moment. The annotator
 * comes last to each, with any quality; where they are the second or third, the world without them asks for one person less.
 */
async function review(call: Call, seed: number, withThem: boolean): Promise<void> {
  const theirs = seeded(seed + 2_000);
  const others = seeded(seed + 3_000);
  let version = 1;
  const overlap = async (annotation_overlap: number): Promise<void> => {
    const training = { annotation_overlap, double_annotation_share: 0 };
    await call(
      "PATCH",
      "/agents/my-agent",
      { policy: { training } },
      { headers: { "if-match": `"${version}"` } },
    );
    version += 1;
  };
  const supply = (n: string): Promise<LearningExample> =>
    call<LearningExample>(
      "POST",
      "/examples",
      {
        agent_id: "my-agent",
        example_type: "negative",
        input_text: `asked ${n}`,
        original_output: "wrong",
      },
      { as: "secret" },
    );
  const say = (id: string, as: "annotator" | "reviewer" | "admin", decision: string, more: object) =>
    call<{ annotation: { id: string } }>(
      "POST",
      "/annotations",
      { learning_example_id: id, decision, ...more },
      { as },
    );
  const dimensions = (spread: number): object => ({
    technical_accuracy: 0.8 + spread,
    professional_quality: 0.8 - spread,
    completeness: 0.8,
    clarity: 0.8,
  });
  const any = (): object => {
    const score = (): number => Math.round(theirs() * 100) / 100;
    return {
      technical_accuracy: score(),
      professional_quality: score(),
      completeness: score(),
      clarity: score(),
    };
  };
  const judged: { id: string; decision: string }[] = [];
  for (const [group, people] of [
    ["alone", 0],
    ["second", 1],
    ["third", 2],
    ["without them", 1],
    ["both without them", 2],
  ] as const) {
    const takesPart = !group.includes("without");
    await overlap(Math.max(1, takesPart && withThem ? people + 1 : people));
    for (let n = 0; n < 3; n += 1) {
      const { id } = await supply(`${group} ${n}`);
      const decision = others() < 0.5 ? "approve" : "reject";
      const corrected = decision === "approve" && people > 0 ? { corrected_output: `right ${n}` } : {};
      for (const [index, as] of SPLIT_DECIDERS.slice(0, people).entries()) {
        const said = await say(id, as, decision, { ...dimensions((n + index) / 20), ...corrected });
        if (withThem && n === 0)
          await call(
            "POST",
            `/annotations/${said.annotation.id}/verify`,
            {},
            { as: as === "admin" ? "reviewer" : "admin" },
          );
      }
      if (takesPart) judged.push({ id, decision });
    }
  }
  if (!withThem) return;
  for (const { id, decision } of judged) {
    await say(id, "annotator", decision, {
      ...any(),
      ...(decision === "approve" ? { corrected_output: await correctionOf(call, id) } : {}),
    });
  }
}

/** Where others corrected the example, the same words; else some of one's own. */
async function correctionOf(call: Call, id: string): Promise<string> {
  const { data } = await call<{ data: LearningExample[] }>("GET", "/examples?limit=200");
  const text = data.find((one) => one.id === id)?.input_text ?? "";
  const n = text.at(-1) ?? "";
  return text.includes("alone") ? "their own words" : `right ${n}`;
}

/** A world in which people use an agent, rate it and judge examples, with or without an end user and an annotator in it. */
export async function liveInWorld(
  api: TestApi,
  organization: TestOrganization,
  { seed, withThem }: { seed: number; withThem: boolean },
): Promise<World> {
  const call = caller(api, organization);
  await review(call, seed, withThem);
  const experimentId = await startExperiment(call);
  await talk(call, seed, withThem, experimentId);
  return { experimentId, endUser: "leaver" };
}

/** Answers of the endpoints that count, without ids, times, and the person's name. */
export async function statisticsOf(
  api: TestApi,
  organization: TestOrganization,
  world: World,
): Promise<unknown> {
  const call = caller(api, organization);
  const results = await call<{ experiment: { arm_metrics: unknown; samples: unknown } }>(
    "GET",
    `/experiments/by-id/${world.experimentId}/results`,
  );
  const { data } = await call<{ data: LearningExample[] }>("GET", "/examples?limit=200&is_active=true");
  const annotations = await call<{ data: { decision: string; is_verified: boolean }[] }>(
    "GET",
    "/annotations?limit=200",
  );
  return rounded({
    stats: await call("GET", "/stats?days=30"),
    feedback: await call("GET", "/feedback/stats/my-agent?days=30"),
    issues: await call("GET", "/feedback/issues/my-agent?days=30"),
    queue: await call("GET", "/annotations/stats"),
    agreement: await call("GET", "/annotations/agreement?agent_id=my-agent"),
    annotators: await call("GET", "/annotators?agent_id=my-agent"),
    experiment: { arms: results.experiment.arm_metrics, samples: results.experiment.samples },
    annotations: annotations.data.map(({ decision }) => decision),
    examples: data
      .map((one) => [one.input_text, one.review_status, one.quality_score, one.expected_output].join(" | "))
      .sort(),
  });
}

const UNLIKE = new Set(["id", "agent_id", "user_id", "display_name", "analysed_at", "example_feedback_ids"]);

/** Numbers to nine digits; what two worlds cannot have in common is left out. People: in the order of what is said of them. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toFixed(9));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, inner]) => !UNLIKE.has(key) && !(Array.isArray(inner) && inner.some(isUuidLike)))
    .map(([key, inner]) => {
      const plain = rounded(inner);
      if (key !== "people" || !Array.isArray(plain)) return [key, plain] as const;
      return [key, plain.map((one) => JSON.stringify(one)).sort()] as const;
    });
  return Object.fromEntries(entries);
}

function isUuidLike(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value);
}
