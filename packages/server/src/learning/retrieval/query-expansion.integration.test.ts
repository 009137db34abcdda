import type { AgentVersion, RetrievedTexts, TrainingRun } from "@agent-learning/contract";
import { createRandom, randomInteger } from "@agent-learning/learning";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../create-context.ts";
import { newId } from "../../new-id.ts";
import { RAGTrainer } from "../../rag-trainer.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { runRetrievalTraining } from "./run-retrieval-training.ts";

// Users say one word, documents another.
const SAID: [said: string, written: string][] = [
  ["boss", "director"],
  ["pay", "remuneration"],
  ["holiday", "leave"],
  ["sick", "incapacity"],
  ["fired", "dismissal"],
  ["car", "vehicle"],
  ["flat", "dwelling"],
  ["money", "funds"],
  ["doctor", "physician"],
  ["kids", "dependants"],
  ["lawyer", "counsel"],
  ["shop", "premises"],
  ["trip", "travel"],
  ["house", "property"],
  ["death", "decease"],
  ["wedding", "marriage"],
];
const TOPICS = 48;
const filler = "regulation of the office concerning matters that are described in annexes".split(" ");

describeEachEngine("learning what users' words are called", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
  });
  afterAll(() => api.close());
  const ok = async <T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> => {
    const answer = await api.call<T>(organization, method, path, {
      as: "secret",
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const learn = async (): Promise<TrainingRun> => {
    const trainer = new RAGTrainer(createTestContext(api.services, organization, "reviewer"));
    const { id } = await trainer.learnQueryExpansion({ agentId: "my-agent" });
    const ctx = systemContext(api.services, organization.id, "test");
    await runRetrievalTraining({ ctx, runId: id, signal: new AbortController().signal });
    return ok("GET", `/training-runs/by-id/${id}`);
  };

  it("learns nothing without documents, and with them a candidate that finds what was not found", async () => {
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
      config: { runtime: "demonstrations", demonstrations: [{ input: "hello", output: "hi" }] },
    });
    await ok("POST", "/agents/my-agent/serving", { version_id: version.id });
    const random = createRandom("documents");
    const texts = Array.from({ length: TOPICS }, (_, topic) => {
      const [, written] = SAID[topic % SAID.length] as [string, string];
      const words = Array.from({ length: 8 }, () => filler[randomInteger(random, filler.length)]);
      return `${words.join(" ")} ${written} case${topic} ${written}`;
    });
    const chunkOf = new Map<number, string>();
    const send = async (count: number, prefix: string): Promise<void> => {
      const draw = createRandom(prefix);
      const asked = Array.from({ length: count }, (_, index) => {
        const topic = randomInteger(draw, TOPICS);
        const [said] = SAID[topic % SAID.length] as [string, string];
        return { topic, query: `what about my ${said} in the regulation`, execution: `${prefix}-${index}` };
      });
      await ok("POST", "/executions", {
        executions: asked.map(({ query, execution }, index) => ({
          agent_id: "my-agent",
          execution_id: execution,
          user_id: `u${index % 30}`,
          input_text: query,
          output_text: "answer",
          status: "succeeded",
        })),
      });
      await ok("POST", "/retrievals", {
        retrievals: asked.map(({ query, execution, topic }) => ({
          id: newId(),
          agent_id: "my-agent",
          execution_id: execution,
          query,
          chunks: [{ chunk_id: chunkOf.get(topic) ?? "x", rank: 1, score: 1 }],
        })),
      });
      await ok("POST", "/feedback/batch", {
        feedback: asked.map(({ execution, topic }, index) => ({
          agent_id: "my-agent",
          execution_id: execution,
          user_id: `u${index % 30}`,
          feedback_type: "thumbs_up",
          // Any chunk that speaks of it will do.
          metadata: {
            chunk_marks: Array.from({ length: TOPICS / SAID.length }, (_, round) => ({
              chunk_id: chunkOf.get((topic % SAID.length) + round * SAID.length) ?? `x${round}`,
              relevant: true,
            })),
          },
        })),
      });
    };
    await send(60, "before");
    const without = await learn();
    expect(without.metrics).toMatchObject({
      outcome: "seed_kept",
      reasons: [expect.stringMatching(/no documents here/)],
    });

    await ok("POST", "/agents/my-agent/documents", {
      documents: texts.map((text, topic) => ({ document_id: `d${topic}`, text })),
    });
    for (let topic = 0; topic < TOPICS; topic += 1) {
      const { chunks } = await ok<RetrievedTexts>("POST", "/retrieve", {
        agent_id: "my-agent",
        query: `case${topic}`,
      });
      chunkOf.set(topic, chunks[0]?.chunk_id ?? "");
    }
    await send(200, "asked");
    const done = await learn();
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 500)).toMatchObject({ outcome: "promote" });
    const gate = done.metrics["gate"] as Record<
      "baseline" | "candidate",
      { ndcg10: number; recall100: number }
    >;
    expect(gate.candidate.ndcg10).toBeGreaterThan(gate.baseline.ndcg10 + 0.3);

    const ask = { agent_id: "my-agent", query: "my boss", limit: 5 };
    expect((await ok<RetrievedTexts>("POST", "/retrieve", ask)).chunks).toEqual([]);
    const better = await ok<RetrievedTexts>("POST", "/retrieve", {
      ...ask,
      version_id: done.candidate_version_id,
    });
    expect(better.chunks).toHaveLength(3);
    for (const { text } of better.chunks) expect(text).toContain("director");
    expect(better.ranker_version).toMatch(/^[0-9a-f-]{36}$/);
  });
});
