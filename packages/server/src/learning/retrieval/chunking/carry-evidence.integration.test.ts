import type { AgentVersion, RetrievedTexts, TrainingRun } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../../create-context.ts";
import { openChunking } from "../../../curation/documents/chunking-store.ts";
import { withSystem } from "../../../database/index.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { readEvidence } from "../read-evidence.ts";
import { runRetrievalTraining } from "../run-retrieval-training.ts";

const ITEMS = 12;
const SENTENCES = 30;
const GROUPS = ["laws", "letters"];
const filler = "that was spoken about before and after in the same matter by all of them";
const sentence = (document: number, index: number): string =>
  `topic${document * SENTENCES + index} ${filler}.`;
const textOf = (document: number): string =>
  Array.from({ length: SENTENCES }, (_, index) => sentence(document, index)).join(" ");

describeEachEngine("feedback on chunks of an earlier cut", (suite) => {
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
  const retrieve = (query: string, more: object = {}) =>
    ok<RetrievedTexts>("POST", "/retrieve", { agent_id: "my-agent", query, ...more });
  const runOf = (config: object) =>
    ok<TrainingRun>("POST", "/training-runs", {
      name: "rag",
      agent_id: "my-agent",
      training_type: "rag_training",
      config,
    });

  /** People ask about topics, are shown what the server finds, and mark the chunk that holds the answer and where it stands. */
  const ask = async (from: number, to: number): Promise<void> => {
    const asked = await Promise.all(
      Array.from({ length: to - from }, async (_, index) => {
        const topic = ((from + index) * 7) % (ITEMS * SENTENCES);
        const document = Math.floor(topic / SENTENCES);
        const start = textOf(document).indexOf(`topic${topic} `);
        const { chunks } = await retrieve(`topic${topic}`);
        return { id: `e${from + index}`, topic, document, start, chunks };
      }),
    );
    await ok("POST", "/executions", {
      executions: asked.map(({ id, topic }) => ({
        agent_id: "my-agent",
        execution_id: id,
        user_id: `u-${id}`,
        input_text: `topic${topic}`,
        output_text: "answer",
        status: "succeeded",
      })),
    });
    await ok("POST", "/retrievals", {
      retrievals: asked.map(({ id, topic, chunks }) => ({
        agent_id: "my-agent",
        execution_id: id,
        query: `topic${topic}`,
        chunks: chunks.map(({ chunk_id, score }, place) => ({ chunk_id, score, rank: place + 1 })),
      })),
    });
    await ok("POST", "/feedback/batch", {
      feedback: asked.map(({ id, topic, document, start, chunks }) => ({
        agent_id: "my-agent",
        execution_id: id,
        user_id: `u-${id}`,
        feedback_type: "thumbs_up",
        metadata: {
          chunk_marks: [{ chunk_id: chunks[0]?.chunk_id ?? "", relevant: true }],
          passages: [
            {
              document_id: `d${document}`,
              start,
              end: start + sentence(document, topic % SENTENCES).length,
              cut: true,
            },
          ],
        },
      })),
    });
  };

  it("is feedback on the chunks that hold their text now, also what came while they were cut; groups are cut in their own way", async () => {
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
      config: { runtime: "demonstrations", demonstrations: [{ input: "hello", output: "hi" }] },
    });
    await ok("POST", "/agents/my-agent/serving", { version_id: version.id });
    await ok("POST", "/agents/my-agent/documents", {
      documents: Array.from({ length: ITEMS }, (_, document) => ({
        document_id: `d${document}`,
        text: textOf(document),
        metadata: { group: GROUPS[document % 2] },
      })),
    });
    await ask(0, 70);
    const chunking = await runOf({ method: "chunking" });
    const ctx = systemContext(api.services, organization.id, "test");
    // The run has begun to build when more feedback comes, on chunks that are about to be replaced.
    await ctx.transact((tenant) =>
      openChunking(tenant, chunking.agent_id, chunking.id, { size: 20, overlap: 0 }),
    );
    await ask(70, 120);
    await runRetrievalTraining({ ctx, runId: chunking.id, signal: new AbortController().signal });
    const done = await ok<TrainingRun>("GET", `/training-runs/by-id/${chunking.id}`);
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 600)).toMatchObject({ outcome: "promote" });
    const { choices } = done.metrics["chunking"] as { choices: { group: string | null; was: object }[] };
    expect(choices.map(({ group }) => group)).toEqual([null, ...GROUPS]);

    const found = await retrieve("topic7", { version_id: done.candidate_version_id });
    const shown = new Map(found.chunks.map((chunk) => [chunk.chunk_id, chunk.text]));
    const until = new Date(Date.now() + 60_000);
    const window = { agentId: chunking.agent_id, from: new Date(0), until };
    const { to } = done.metrics["chunking"] as { to: string };
    const evidence = await readEvidence(ctx, window, 1_000, to);
    expect(evidence).toHaveLength(120);
    expect(evidence.every(({ grades, signs = [] }) => grades.size > 0 && signs.length > 0)).toBe(true);
    const [own] = evidence.filter(({ query }) => query === "topic7");
    expect([...(own?.grades.keys() ?? [])]).toContain([...shown.keys()][0]);
    // Without the cut in service it is about the chunks that people saw.
    const before = await readEvidence(ctx, window, 1_000, undefined);
    const old = before
      .find(({ query }) => query === "topic7")
      ?.grades.keys()
      .next().value;
    expect(shown.has(old ?? "")).toBe(false);
    expect(own?.candidates.some(({ chunk }) => chunk === old)).toBe(false);

    // Once the new cut is in service, the next run learns of its chunks.
    await withSystem(suite.database.kysely, (tx) =>
      sql`UPDATE serving_pointers SET version_id = ${done.candidate_version_id} WHERE organization_id = ${organization.id}
        AND environment = 'production'`.execute(tx),
    );
    const ranking = await runOf({ method: "ranking" });
    await runRetrievalTraining({ ctx, runId: ranking.id, signal: new AbortController().signal });
    const learned = await ok<TrainingRun>("GET", `/training-runs/by-id/${ranking.id}`);
    expect(learned).toMatchObject({
      status: "completed",
      base_version_id: done.candidate_version_id,
      metrics: { evidence: { retrievals: 120, judged_queries: 120 } },
    });
  });
});
