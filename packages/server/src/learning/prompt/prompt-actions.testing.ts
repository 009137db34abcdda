import type { TrainingRun } from "@agent-learning/contract";
import { createRandom, type GenerateRequest, type LanguageModel } from "@agent-learning/learning";
import type { FastifyInstance } from "fastify";
import { candidateObservers } from "../../candidate-observers.ts";
import { composeServer } from "../../compose.ts";
import { systemContext } from "../../create-context.ts";
import { type DatabaseConnection, json, withSystem } from "../../database/index.ts";
import { vetCandidate } from "../../evaluation/gates/index.ts";
import { pinnedCases } from "../../evaluation/regression/index.ts";
import type { ModelProvider } from "../../models/create-language-model.ts";
import { newId } from "../../new-id.ts";
import type { Services } from "../../services.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestServices } from "../../testing/test-services.ts";
import { runPromptOptimization } from "./run-prompt-optimization.ts";

const WORDS: Record<string, string[]> = {
  vat: ["vat", "turnover", "import", "rate", "quarter", "registration"],
  payroll: ["salary", "payslip", "bonus", "employee", "overtime", "wage"],
  audit: ["auditor", "sample", "ledger", "confirmation", "finding", "inventory"],
};
const FILLER =
  "about with our client please could you when the last month still need help again office letter from year".split(
    " ",
  );
// Thresholds have tests of their own; here the dataset is to pass.
const POLICY = {
  training: {
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
    double_annotation_share: 0,
  },
};

/** A client's question about one of three subjects. */
export function question(label: string, index: number): string {
  const random = createRandom(`${label}:${index}`);
  const pick = (words: readonly string[]): string => words[Math.floor(random.next() * words.length)] ?? "";
  const filler = Array.from({ length: 6 }, () => pick(FILLER));
  return [...filler.slice(0, 3), pick(WORDS[label] ?? []), ...filler.slice(3), pick(WORDS[label] ?? [])].join(
    " ",
  );
}

export const LABELS: readonly string[] = Object.keys(WORDS);

/** A provider of a model that is there already. */
export function modelProvider(model: LanguageModel): ModelProvider {
  return { configured: true, load: async () => model, dispose: async () => undefined };
}

/** A model that is a function of the last message. A token is a word. */
export function functionModel(
  answer: (request: GenerateRequest) => string | Promise<string>,
): LanguageModel & { requests: GenerateRequest[] } {
  const requests: GenerateRequest[] = [];
  const words = (text: string): number => text.split(/\s+/u).filter(Boolean).length;
  return {
    requests,
    generate: async (request) => {
      requests.push(request);
      const text = await answer(request);
      request.signal?.throwIfAborted();
      const promptTokens = request.messages.reduce((sum, { content }) => sum + words(content), 0);
      return { text, promptTokens, completionTokens: words(text) };
    },
  };
}

/** Answers as the demonstration does whose words are most like the question's; without one, "unknown". */
export function imitate({ messages }: GenerateRequest): string {
  const asked = new Set((messages.at(-1)?.content ?? "").split(" "));
  let best = "unknown";
  let most = 1;
  for (const [index, { role, content }] of messages.slice(0, -1).entries()) {
    if (role !== "user") continue;
    const shared = content.split(" ").filter((word) => word.length > 5 && asked.has(word)).length;
    if (shared < most) continue;
    most = shared + 1;
    best = messages[index + 1]?.content ?? best;
  }
  return best;
}

export interface Answer<T> {
  status: number;
  body: T;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An organization with an agent, as its callers see it over HTTP. */
export interface PromptBench {
  services: Services;
  server: FastifyInstance;
  organization: TestOrganization;
  agentId: string;
  ask: <T>(method: Method, path: string, body?: unknown, key?: string) => Promise<Answer<T>>;
  /** As `ask`; throws unless it went well. */
  call: <T>(method: Method, path: string, body?: unknown, key?: string) => Promise<T>;
  /** Approved examples, so many for each of the three subjects. */
  addExamples: (
    perLabel: number,
    output?: (label: string, index: number) => string,
    from?: number,
  ) => Promise<void>;
  /** A version in production. @returns its id */
  putIntoService: (config: Record<string, unknown>) => Promise<string>;
  /** Starts an optimisation, carries it out and reads it. */
  optimise: (settings?: Record<string, unknown>) => Promise<TrainingRun>;
  /** Carries a run out. */
  run: (runId: string, signal?: AbortSignal) => Promise<void>;
  read: (runId: string) => Promise<TrainingRun>;
}

/** The built-in agent with one demonstration: it has all to learn. */
export const BEGINNER = {
  runtime: "demonstrations",
  demonstrations: [{ input: "please help with vat", output: "vat" }],
  parameters: { default_output: "vat" },
};

export async function openBench(
  database: DatabaseConnection,
  overrides: Partial<Services> = {},
  policy: Record<string, unknown> = {},
): Promise<PromptBench> {
  const services = createTestServices(database, {
    candidateObservers,
    pinnedCases,
    vetCandidate,
    ...overrides,
  });
  const server = composeServer(services);
  const organization = await createTestOrganization(database);
  const agentId = await createTestAgent(database, organization.id, { policy: { ...POLICY, ...policy } });

  const ask: PromptBench["ask"] = async <T>(
    method: Method,
    path: string,
    body?: unknown,
    key = organization.secret.key,
  ) => {
    const response = await server.inject({
      method,
      url: `/api/learning${path}`,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() as T };
  };
  const call: PromptBench["call"] = async (method, path, body, key) => {
    const answer = await ask<never>(method, path, body, key);
    if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const run = (runId: string, signal = new AbortController().signal): Promise<void> =>
    runPromptOptimization({ ctx: systemContext(services, organization.id, "test"), runId, signal });
  const read = (runId: string): Promise<TrainingRun> => call("GET", `/training-runs/by-id/${runId}`);
  return {
    services,
    server,
    organization,
    agentId,
    ask,
    call,
    run,
    read,
    addExamples: async (perLabel, output = (label) => label, from = 0) => {
      const rows = LABELS.flatMap((label) =>
        Array.from({ length: perLabel }, (_, offset) => {
          const id = newId();
          const index = from + offset;
          return {
            organization_id: organization.id,
            id,
            agent_id: agentId,
            example_type: "correction",
            input_context: json({}),
            input_text: question(label, index),
            expected_output: output(label, index),
            source_type: "import",
            group_key: `example:${id}`,
            review_status: "approved",
            reviewed_at: new Date("2026-01-01"),
            quality_score: 0.9,
          };
        }),
      );
      await withSystem(database.kysely, (tx) => tx.insertInto("learning_examples").values(rows).execute());
    },
    putIntoService: async (config) => {
      const version = await call<{ id: string }>("POST", "/agents/my-agent/versions", { config });
      await call("POST", "/agents/my-agent/serving", { version_id: version.id });
      return version.id;
    },
    optimise: async (settings = {}) => {
      const { id } = await call<TrainingRun>("POST", "/optimize-prompt", {
        agent_id: "my-agent",
        ...settings,
      });
      await run(id);
      return read(id);
    },
  };
}
