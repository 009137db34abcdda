import type { Annotation, Experiment, Feedback, LearningExample, Page, Rollout } from "./wire.ts";
import { addColleague, type Api, createApi, forEach, waitFor } from "./api.ts";
import { seedBehavior } from "./seed-behavior.ts";
import type { TestServer } from "./start-server.ts";

/** Every page of the dashboard. */
export const PAGES = [
  "overview",
  "feedback",
  "one feedback",
  "executions",
  "execution",
  "annotation",
  "adjudication",
  "queues",
  "queue",
  "annotations",
  "agreement",
  "annotators",
  "examples",
  "example",
  "datasets",
  "dataset",
  "runs",
  "behavior",
  "retrieval",
  "budget",
  "experiments",
  "experiment",
  "gate",
  "report of the gate",
  "regression cases",
  "suspicions",
  "members",
  "keys",
  "rollouts",
  "rollout",
  "agents",
  "agent",
  "version",
  "audit",
  "no such page",
] as const;

/** Address of every page of the dashboard, by name. */
export type Addresses = Readonly<Record<(typeof PAGES)[number], string>>;

interface Named {
  id: string;
}

const AGENT = "support";

/** An agent with two versions, and with every text that people and models can put into it taken from `texts`. */
export async function seedWorld(server: TestServer, texts: readonly string[]): Promise<Addresses> {
  const admin = createApi(server.url, server.adminKey);
  const text = (index: number): string => texts[index % texts.length] ?? "";
  await admin.post("/agents", {
    slug: AGENT,
    name: text(0),
    description: text(1),
    policy: { training: { annotation_overlap: 2 } },
  });
  const versions = await seedVersions(admin, text);
  const { key } = await admin.post<{ key: string }>("/api-keys", { kind: "secret", name: "traffic" });
  await seedEvidence(createApi(server.url, key), texts);
  await seedAnnotations(admin, server.url, text);
  const dataset = await admin.post<Named>("/datasets", {
    agent_id: AGENT,
    name: text(5).slice(0, 200),
    description: text(6),
  });
  await admin.post("/datasets", { agent_id: AGENT, name: "second" });
  const queue = await admin.post<Named>("/queues", {
    agent_id: AGENT,
    name: text(3).slice(0, 200),
    guidelines: texts.join("\n"),
    filter: { tags: [text(4).slice(0, 100)], domains: [text(5).slice(0, 100)] },
  });
  const experiment = await admin.post<Experiment>("/experiments", {
    agent_id: AGENT,
    name: text(7).slice(0, 200),
    hypothesis: text(8),
    description: text(9),
    control_config: { version_id: versions[0] },
    treatment_config: { version_id: versions[1] },
  });
  await seedFlood(createApi(server.url, key), texts);
  await seedBehavior(AGENT, createApi(server.url, key), admin, texts);
  await admin.post("/trust/reviews", { agent_id: AGENT });
  const gate = await seedGate(admin, text, versions[1] ?? "");
  const rollout = await admin.post<Rollout>("/rollouts", {
    agent_id: AGENT,
    candidate_version_id: versions[1],
  });
  return addressesOf(admin, {
    version: versions[1] ?? "",
    dataset: dataset.id,
    experiment: experiment.id,
    rollout: rollout.id,
    queue: queue.id,
    gate,
  });
}

async function seedVersions(admin: Api, text: (index: number) => string): Promise<string[]> {
  const ids: string[] = [];
  for (const number of [1, 2]) {
    const { id } = await admin.post<Named>(`/agents/${AGENT}/versions`, {
      config: {
        runtime: "demonstrations",
        components: {
          system_prompt: `${text(number)} You answer questions, version ${number}. ${text(number + 1)}`,
        },
        demonstrations: [{ input: text(number + 10), output: text(number + 20) }],
        playbook: [{ id: `rule-${number}`, text: text(number + 30) }],
      },
      change_summary: text(number + 40),
    });
    ids.push(id);
    if (number === 1) await admin.post(`/agents/${AGENT}/serving`, { version_id: id });
  }
  return ids;
}

async function seedEvidence(machine: Api, texts: readonly string[]): Promise<void> {
  const { issue_categories: categories } = await machine.get<{ issue_categories: { slug: string }[] }>(
    "/organization",
  );
  await machine.post("/executions", {
    executions: texts.map((text, index) => ({
      agent_id: AGENT,
      execution_id: `request-${index}`,
      user_id: `user-${index}`,
      session_id: `session-${index}`,
      input_text: text,
      input_context: { page: text },
      output_text: index % 7 === 0 ? null : texts[(index + 1) % texts.length],
      status: index % 7 === 0 ? "failed" : "succeeded",
      ...(index % 7 === 0 ? { error_type: "ToolTimeout", error_message: text } : {}),
      latency_ms: 100 + index,
    })),
  });
  await machine.post("/feedback/batch", {
    feedback: texts.map((text, index) => ({
      agent_id: AGENT,
      execution_id: `request-${index}`,
      user_id: `user-${index}`,
      ...(index % 2 === 0 && index % 7 !== 0
        ? {
            feedback_type: "correction",
            correction_text: text,
            rating: 1,
            issue_categories: [categories[index % categories.length]?.slug],
          }
        : { feedback_type: "comment", feedback_text: text }),
    })),
  });
  // One that holds all of them at once.
  await machine.post("/executions", {
    agent_id: AGENT,
    execution_id: "request-all",
    input_text: texts.join("\n"),
    output_text: texts.join("\n"),
    status: "succeeded",
  });
}

async function seedAnnotations(admin: Api, url: string, text: (index: number) => string): Promise<void> {
  const people = [
    await addColleague(admin, url, text(2).slice(0, 100), "annotator"),
    await addColleague(admin, url, "Ben", "annotator"),
  ];
  const { data: examples } = await admin.get<Page<LearningExample>>(`/examples?agent_id=${AGENT}&limit=12`);
  await forEach(examples, async (example, index) => {
    for (const [who, person] of people.entries()) {
      // Every third is judged differently by the two, and waits for a reviewer.
      const decision = index % 3 === 0 && who === 1 ? "reject" : "approve";
      await person.api.post<Annotation>("/annotations", {
        learning_example_id: example.id,
        decision,
        ...(decision === "approve"
          ? { technical_accuracy: 0.9, professional_quality: 0.9, completeness: 0.8, clarity: 0.9 }
          : {}),
        notes: text(index + 50),
        corrected_output: text(index + 60),
      });
    }
  });
}

/** One person who sends more corrections within an hour than people do: held back until somebody decides. */
async function seedFlood(machine: Api, texts: readonly string[]): Promise<void> {
  const flood = texts.slice(0, 16);
  await machine.post("/executions", {
    executions: flood.map((text, index) => ({
      agent_id: AGENT,
      execution_id: `flood-${index}`,
      user_id: "flooder",
      input_text: `${text} ${index}`,
      output_text: text,
      status: "succeeded",
    })),
  });
  await machine.post("/feedback/batch", {
    feedback: flood.map((text, index) => ({
      agent_id: AGENT,
      execution_id: `flood-${index}`,
      user_id: "flooder",
      feedback_type: "correction",
      correction_text: `${text} corrected`,
    })),
  });
}

/** Regression cases of hostile texts, and a version held to them. Returns the run once it has a verdict. */
async function seedGate(admin: Api, text: (index: number) => string, versionId: string): Promise<string> {
  for (const index of [0, 1, 2])
    await admin.post("/regression-cases", {
      agent_id: AGENT,
      input_text: text(index + 12),
      expected_output: text(index + 21),
      slice: text(index + 3).slice(0, 100),
      is_pinned: index > 0,
    });
  const { id } = await admin.post<Named>("/evaluation-runs", { agent_id: AGENT, version_id: versionId });
  await waitFor(async () =>
    ["completed", "failed"].includes((await admin.get<{ status: string }>(`/evaluation-runs/${id}`)).status),
  );
  return id;
}

async function addressesOf(
  admin: Api,
  ids: Record<"version" | "dataset" | "experiment" | "rollout" | "queue" | "gate", string>,
): Promise<Addresses> {
  const { data: feedback } = await admin.get<Page<Feedback>>(
    `/agents/${AGENT}/feedback?feedback_type=correction&limit=1`,
  );
  const { data: examples } = await admin.get<Page<LearningExample>>(
    `/examples?agent_id=${AGENT}&review_status=approved&limit=1`,
  );
  const of = `?agent=${AGENT}`;
  return {
    overview: `/${of}`,
    feedback: `/feedback${of}`,
    "one feedback": `/feedback/${feedback[0]?.id ?? ""}${of}`,
    executions: `/executions${of}`,
    execution: `/executions/request-all${of}`,
    annotation: `/admin/learning/annotation${of}`,
    adjudication: `/adjudication${of}`,
    queues: `/queues${of}`,
    queue: `/queues/${ids.queue}${of}`,
    annotations: `/annotations${of}`,
    agreement: `/agreement${of}`,
    annotators: `/annotators${of}`,
    examples: `/examples${of}`,
    example: `/examples/${examples[0]?.id ?? ""}${of}`,
    datasets: `/datasets${of}`,
    dataset: `/datasets/${ids.dataset}${of}`,
    runs: `/runs${of}`,
    behavior: `/behavior${of}&side=agent`,
    retrieval: `/retrieval${of}`,
    budget: "/budget",
    experiments: `/experiments${of}`,
    experiment: `/experiments/${ids.experiment}${of}`,
    gate: `/gate${of}`,
    "report of the gate": `/gate/${ids.gate}${of}`,
    "regression cases": `/regression-cases${of}`,
    suspicions: `/suspicions${of}`,
    members: `/members${of}`,
    keys: `/keys${of}`,
    rollouts: `/rollouts${of}`,
    rollout: `/rollouts/${ids.rollout}${of}`,
    agents: `/agents${of}`,
    agent: `/agents/${AGENT}${of}`,
    version: `/agents/${AGENT}/versions/${ids.version}${of}`,
    audit: `/audit${of}`,
    "no such page": "/nowhere",
  };
}
