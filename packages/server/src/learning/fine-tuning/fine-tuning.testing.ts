import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentVersion, FineTuningPhase, TrainingRun } from "@agent-learning/contract";
import type { LanguageModel } from "@agent-learning/learning";
import { candidateObservers } from "../../candidate-observers.ts";
import { type Config, readConfig } from "../../config.ts";
import { systemContext } from "../../create-context.ts";
import { type DatabaseConnection, json, withSystem } from "../../database/index.ts";
import type { ModelProvider, ModelVariant } from "../../models/create-language-model.ts";
import { newId } from "../../new-id.ts";
import type { Services } from "../../services.ts";
import { type ApiAnswer, createTestApi, type TestApi } from "../../testing/test-api.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { functionModel, LABELS, question } from "../prompt/prompt-actions.testing.ts";
import { readRun } from "../training-runs/store.ts";
import { readEvents } from "../training-runs/store.ts";
import { advanceFineTuning } from "./advance.ts";
import { contextBackend } from "./backends/context.ts";
import type { FakeBehaviour } from "./backends/trl/fake-trainer.testing.ts";
import { createTrlBackend } from "./backends/trl/trl-backend.ts";

const POLICY = {
  training: {
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
    double_annotation_share: 0,
    max_items_per_contributor: 10_000,
    max_share_per_contributor: 1,
  },
};

/** An organization with an agent, a frozen dataset and a trainer that only pretends. */
export interface FineTuningBench {
  api: TestApi;
  services: Services;
  organization: TestOrganization;
  agentId: string;
  folder: string;
  /** Examples of three subjects; `output` says what they are to be answered. @returns a frozen dataset */
  dataset(
    perLabel: number,
    options?: { output?: (label: string) => string; split?: object },
  ): Promise<string>;
  serve(config: Record<string, unknown>): Promise<string>;
  draft(body: Record<string, unknown>): Promise<ApiAnswer<TrainingRun>>;
  post(
    runId: string,
    verb: string,
    as?: "reviewer" | "admin" | "secret",
    body?: object,
  ): Promise<ApiAnswer<TrainingRun>>;
  behave(behaviour: Partial<FakeBehaviour>): void;
  /** One look by a worker. */
  advance(runId: string): Promise<void>;
  read(runId: string): Promise<TrainingRun>;
  version(id: string | null): Promise<AgentVersion>;
  events(runId: string): Promise<{ type: string; data: Record<string, unknown> }[]>;
  /** Looks until the run is in one of these phases. */
  until(runId: string, ...phases: FineTuningPhase[]): Promise<TrainingRun>;
  /** What is stored of the run beyond what the API shows. */
  stored(runId: string): Promise<{ work: string; pid: number | undefined; checkpoint: unknown }>;
  close(): Promise<void>;
}

/** What somebody who has seen these conversations answers: by the words that tell the subject; else always "vat". */
export function learnedAnswers(
  rows: readonly { messages: { role: string; content: string }[] }[],
): (asked: string) => string {
  const learned = new Map<string, Map<string, number>>();
  for (const { messages } of rows) {
    const [asked, said] = [messages.at(-2)?.content ?? "", messages.at(-1)?.content ?? ""];
    for (const word of asked.split(" ")) {
      const votes = learned.get(word) ?? new Map<string, number>();
      votes.set(said, (votes.get(said) ?? 0) + 1);
      learned.set(word, votes);
    }
  }
  return (asked) => {
    const votes = new Map<string, number>();
    for (const word of asked.split(" ")) {
      const known = learned.get(word) ?? new Map<string, number>();
      const total = [...known.values()].reduce((sum, one) => sum + one, 0);
      // What is said of one subject only counts most.
      for (const [said, count] of known) votes.set(said, (votes.get(said) ?? 0) + (count / total) ** 3);
    }
    return [...votes].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? "vat";
  };
}

/** Answers as the adapter says, which the fake trainer made of its rows. */
export function adapterModels(): ModelProvider {
  const load = async (variant: ModelVariant = {}): Promise<LanguageModel> => {
    const lines =
      variant.adapterPath === undefined ? [] : readFileSync(variant.adapterPath, "utf8").trim().split("\n");
    const answer = learnedAnswers(
      lines.map((line) => JSON.parse(line) as { messages: { role: string; content: string }[] }),
    );
    return functionModel(({ messages }) => answer(messages.at(-1)?.content ?? ""));
  };
  return { configured: true, load, dispose: async () => undefined };
}

export async function openFineTuning(
  database: DatabaseConnection,
  overrides: (config: Config) => Partial<Services> = () => ({}),
  environment: Record<string, string> = {},
): Promise<FineTuningBench> {
  const folder = await mkdtemp(join(tmpdir(), "fine-tuning-"));
  const behaviourPath = join(folder, "behaviour.json");
  const modelPath = join(folder, "tiny-model.gguf");
  await writeFile(modelPath, "GGUF tiny");
  const config: Config = {
    ...readConfig({ LEARNING_DATA_DIR: folder, LEARNING_MODEL_PATH: modelPath, ...environment }),
    checkResponses: true,
    allowClock: true,
  };
  const trl = createTrlBackend(config, {
    command: process.execPath,
    arguments: [join(import.meta.dirname, "backends", "trl", "fake-trainer.testing.ts"), behaviourPath],
    folder,
  });
  const api = createTestApi(database, {
    config,
    candidateObservers,
    models: adapterModels(),
    vetCandidate: async () => undefined,
    trainingBackends: new Map([contextBackend, trl].map((backend) => [backend.name, backend])),
    ...overrides(config),
  });
  const organization = await createTestOrganization(database);
  const agentId = await createTestAgent(database, organization.id, { policy: POLICY });
  const { services } = api;
  const system = () => systemContext(services, organization.id, "test");
  const must = async <T>(answer: Promise<ApiAnswer<T>>): Promise<T> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const advance = (runId: string): Promise<void> =>
    advanceFineTuning({ ctx: system(), runId, signal: new AbortController().signal });
  const read = (runId: string): Promise<TrainingRun> =>
    must(api.call<TrainingRun>(organization, "GET", `/training-runs/by-id/${runId}`));
  const bench: FineTuningBench = {
    api,
    services,
    organization,
    agentId,
    folder,
    advance,
    read,
    behave: (behaviour) =>
      writeFileSync(behaviourPath, JSON.stringify({ steps: 3, milliseconds: 1, ...behaviour })),
    dataset: async (perLabel, { output = (label: string) => label, split } = {}) => {
      const rows = LABELS.flatMap((label) =>
        Array.from({ length: perLabel }, (_, index) => {
          const id = newId();
          return {
            organization_id: organization.id,
            id,
            agent_id: agentId,
            example_type: "correction",
            input_context: json({}),
            input_text: question(label, index),
            original_output: "something else",
            expected_output: output(label),
            source_type: "import",
            group_key: `example:${label}:${index}`,
            review_status: "approved",
            reviewed_at: new Date("2026-01-01"),
            quality_score: 0.9,
          };
        }),
      );
      await withSystem(database.kysely, (tx) => tx.insertInto("learning_examples").values(rows).execute());
      const body = {
        agent_id: "my-agent",
        name: `dataset ${newId()}`,
        ...(split === undefined ? {} : { split }),
      };
      const { id } = await must(api.call<{ id: string }>(organization, "POST", "/datasets", { body }));
      await must(api.call(organization, "POST", `/datasets/${id}/freeze`, { body: {} }));
      return id;
    },
    serve: async (served) => {
      const body = { config: served };
      const { id } = await must(
        api.call<{ id: string }>(organization, "POST", "/agents/my-agent/versions", { body }),
      );
      await must(api.call(organization, "POST", "/agents/my-agent/serving", { body: { version_id: id } }));
      return id;
    },
    draft: (body) =>
      api.call<TrainingRun>(organization, "POST", "/training-runs", {
        as: "reviewer",
        body: { name: "tuning", agent_id: "my-agent", training_type: "supervised_fine_tuning", ...body },
      }),
    post: (runId, verb, as = "reviewer", body = {}) =>
      api.call<TrainingRun>(organization, "POST", `/training-runs/by-id/${runId}/${verb}`, { as, body }),
    version: (id) =>
      must(api.call<AgentVersion>(organization, "GET", `/agents/my-agent/versions/${id ?? ""}`)),
    events: (runId) => system().transact((tenant) => readEvents(tenant, runId, 0, 1_000)),
    until: async (runId, ...phases) => {
      const end = Date.now() + 60_000;
      for (;;) {
        await advance(runId);
        const run = await read(runId);
        if (run.phase !== null && phases.includes(run.phase)) return run;
        if (Date.now() > end) throw new Error(`the run stays ${run.phase ?? ""}: ${JSON.stringify(run)}`);
        await sleep(20);
      }
    },
    stored: async (runId) => {
      const row = await system().transact((tenant) => readRun(tenant, runId));
      const work = join(folder, "training", "runs", runId);
      let pid: number | undefined;
      try {
        pid = Number(readFileSync(join(work, "pid"), "utf8"));
      } catch {
        pid = undefined;
      }
      return { work, pid, checkpoint: row?.checkpoint };
    },
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await mkdir(join(folder, "training"), { recursive: true });
  bench.behave({});
  return bench;
}
