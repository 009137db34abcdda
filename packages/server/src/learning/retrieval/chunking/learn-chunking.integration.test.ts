import type { AgentVersion, DocumentSummary, RetrievedTexts, TrainingRun } from "@agent-learning/contract";
import { createRandom, randomInteger } from "@agent-learning/learning";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withSystem } from "../../../database/index.ts";
import { systemContext } from "../../../create-context.ts";
import { openChunking } from "../../../curation/documents/chunking-store.ts";
import { RAGTrainer } from "../../../rag-trainer.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { createTestContext } from "../../../testing/test-services.ts";
import { runRetrievalTraining } from "../run-retrieval-training.ts";

const filler = "of the matter that was spoken about before and after".split(" ");
const DOCUMENTS = 6;
const SENTENCES = 40;

/** Documents of sentences about something of their own each: a question is answered by one sentence. */
const sentenceOf = (topic: number): string => {
  const random = createRandom(`topic ${topic}`);
  const words = Array.from({ length: 6 }, () => filler[randomInteger(random, filler.length)] ?? "");
  return `topic${topic} ${words.join(" ")} topic${topic}.`;
};
const bodyOf = (document: number): string =>
  Array.from({ length: SENTENCES }, (_, index) => sentenceOf(document * SENTENCES + index)).join(" ");

describeEachEngine("learning how documents are cut", (suite) => {
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
  const ok = async <T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> => {
    const answer = await api.call<T>(organization, method, path, {
      as: "secret",
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const trainer = () => new RAGTrainer(createTestContext(api.services, organization, "reviewer"));
  const carryOut = async (runId: string): Promise<TrainingRun> => {
    const ctx = systemContext(api.services, organization.id, "test");
    await runRetrievalTraining({ ctx, runId, signal: new AbortController().signal });
    return ok("GET", `/training-runs/by-id/${runId}`);
  };
  const serve = async (id: string, environment = "production") =>
    ok("POST", "/agents/my-agent/serving", { version_id: id, environment });
  const retrieve = async (query: string, more: object = {}) =>
    ok<RetrievedTexts>("POST", "/retrieve", { agent_id: "my-agent", query, ...more });
  const start = async (): Promise<string> => {
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
      config: { runtime: "demonstrations", demonstrations: [{ input: "hello", output: "hi" }] },
    });
    await serve(version.id);
    const documents = Array.from({ length: DOCUMENTS }, (_, document) => ({
      document_id: `d${document}`,
      text: bodyOf(document),
    }));
    await ok("POST", "/agents/my-agent/documents", { documents });
    return version.id;
  };
  const mark = async (count: number): Promise<void> => {
    const asked = Array.from({ length: count }, (_, index) => {
      const topic = (index * 7) % (DOCUMENTS * SENTENCES);
      const document = Math.floor(topic / SENTENCES);
      const begin = bodyOf(document).indexOf(sentenceOf(topic));
      return { topic, document, begin, end: begin + sentenceOf(topic).length };
    });
    await ok("POST", "/executions", {
      executions: asked.map(({ topic }, index) => ({
        agent_id: "my-agent",
        execution_id: `e${index}`,
        user_id: `u${index % 30}`,
        input_text: `topic${topic}`,
        output_text: "answer",
        status: "succeeded",
      })),
    });
    await ok("POST", "/feedback/batch", {
      feedback: asked.map(({ document, begin, end }, index) => ({
        agent_id: "my-agent",
        execution_id: `e${index}`,
        user_id: `u${index % 30}`,
        feedback_type: "thumbs_up",
        metadata: { passages: [{ document_id: `d${document}`, start: begin, end, cut: true }] },
      })),
    });
  };

  it("builds shorter chunks beside the live ones, serves them by version, keeps both up to date and goes back", async () => {
    const first = await start();
    const before = await retrieve("topic3");
    expect(before.chunks[0]?.text.length).toBeGreaterThan(500);
    const early = await trainer().optimizeChunking({ agentId: "my-agent" });
    await expect(trainer().optimizeChunking({ agentId: "my-agent" })).rejects.toThrow(/cut anew already/);
    expect((await carryOut(early.id)).metrics).toMatchObject({
      outcome: "seed_kept",
      reasons: [expect.stringMatching(/^0 questions have a known place/)],
    });

    await mark(120);
    const { id } = await trainer().optimizeChunking({ agentId: "my-agent" });
    const run = await carryOut(id);
    expect(run, JSON.stringify(run)).toMatchObject({ status: "completed" });
    expect(run.metrics).toMatchObject({
      outcome: "promote",
      evidence: { questions: 120, cut: 120, lost: 0 },
    });
    // Nobody sees it but who asks for the version.
    expect((await retrieve("topic3")).chunks).toEqual(before.chunks);
    const candidate = run.candidate_version_id ?? "";
    const short = await retrieve("topic3", { version_id: candidate });
    expect(short.chunks[0]?.text).toContain("topic3 ");
    expect(short.chunks[0]?.text.length).toBeLessThan((before.chunks[0]?.text.length ?? 0) / 2);
    expect(bodyOf(0).slice(short.chunks[0]?.start, short.chunks[0]?.end)).toBe(short.chunks[0]?.text);

    // What comes, changes and goes is so for both.
    const text = "A kangaroo is new here. " + bodyOf(5);
    await ok("POST", "/agents/my-agent/documents", { documents: [{ document_id: "d5", text }] });
    await ok("DELETE", "/agents/my-agent/documents/d0");
    for (const version_id of [first, candidate]) {
      expect((await retrieve("kangaroo", { version_id })).chunks.map((one) => one.document_id)).toEqual([
        "d5",
      ]);
      expect((await retrieve("topic3", { version_id })).chunks).toEqual([]);
    }
    // The pointer decides: where it names the candidate, its chunks are searched, and where it does not, the others.
    await serve(candidate, "staging");
    const staged = await retrieve("topic50", { environment: "staging" });
    expect(staged.chunks[0]?.text.length).toBeLessThan(500);
    expect((await retrieve("topic50")).chunks[0]?.text.length).toBeGreaterThan(500);
    const listed = await ok<{ data: DocumentSummary[] }>("GET", "/agents/my-agent/documents");
    expect(listed.data).toHaveLength(DOCUMENTS - 1);

    // Once its chunks are gone, the version still finds something and says what it found it in.
    await withSystem(suite.database.kysely, (tx) =>
      sql`UPDATE chunkings SET status = 'retired' WHERE organization_id = ${organization.id} AND status = 'ready'`.execute(
        tx,
      ),
    );
    const fallback = await retrieve("topic50", { version_id: candidate });
    expect(fallback.chunks[0]?.text.length).toBeGreaterThan(500);
    expect(fallback.notes[0]).toMatch(/no longer kept/);
  });

  it("documents that arrive while the index is built are in it; a run taken over goes on", async () => {
    await start();
    await mark(60);
    const { id } = await trainer().optimizeChunking({ agentId: "my-agent", seed: 3 });
    // As if a worker had died after it had begun to build.
    const ctx = systemContext(api.services, organization.id, "test");
    const settings = { size: 20, overlap: 0 };
    const agentId = (await ok<TrainingRun>("GET", `/training-runs/by-id/${id}`)).agent_id;
    await ctx.transact((tenant) => openChunking(tenant, agentId, id, settings));
    const late = { document_id: "late", text: "A wombat came while the index was built. It stayed." };
    await ok("POST", "/agents/my-agent/documents", { documents: [late] });
    const run = await carryOut(id);
    expect(run.metrics).toMatchObject({ outcome: "promote" });
    const found = await retrieve("wombat", { version_id: run.candidate_version_id });
    expect(found.chunks.map((chunk) => chunk.document_id)).toEqual(["late"]);
  });

  it("refuses passages that make no sense, naming the field", async () => {
    const answer = await api.call<{ errors?: { path: string }[] }>(organization, "POST", "/feedback", {
      as: "secret",
      body: {
        agent_id: "my-agent",
        execution_id: "x",
        user_id: "u",
        feedback_type: "thumbs_up",
        metadata: { passages: [{ document_id: "d", start: 9, end: 3 }] },
      },
    });
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, "body.metadata.passages.0.end"]);
  });
});
