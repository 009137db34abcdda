import type { RecordedRetrieval, Retrieval, RetrievedTexts, TrainingRun } from "@agent-learning/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../create-context.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { runRetrievalTraining } from "./run-retrieval-training.ts";

const TOPICS = ["ledger", "permit", "salary", "invoice", "harbour", "garden", "engine", "pension"];
/** Users call it otherwise than the documents do. */
const CALLED = ["booklist", "licence", "wages", "billing", "docks", "lawn", "motor", "annuity"];

describeEachEngine("evidence that makes no sense any more, or never did", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
  });

  const call = <T = Record<string, unknown>>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: unknown,
  ) => api.call<T>(organization, method, path, { as: "secret", ...(body === undefined ? {} : { body }) });
  const ok = async <T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> => {
    const answer = await call<T>(method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const retrieve = (query: string, more: object = {}): Promise<RetrievedTexts> =>
    ok("POST", "/retrieve", { agent_id: "my-agent", query, ...more });
  const learned = async (): Promise<TrainingRun> => {
    const body = { name: "rag", agent_id: "my-agent", training_type: "rag_training" };
    const { id } = await ok<TrainingRun>("POST", "/training-runs", body);
    const ctx = systemContext(api.services, organization.id, "test");
    await runRetrievalTraining({ ctx, runId: id, signal: new AbortController().signal });
    return ok("GET", `/training-runs/by-id/${id}`);
  };
  /** Eight documents that all speak of the office; 160 questions by other names, with marks on the right chunk. */
  const seed = async (): Promise<string[]> => {
    await ok("POST", "/agents/my-agent/documents", {
      documents: TOPICS.map((topic, place) => ({
        document_id: topic,
        text: `The office keeps the ${topic} in room ${place}.`,
      })),
    });
    const chunks: string[] = [];
    for (const topic of TOPICS) chunks.push((await retrieve(topic)).chunks[0]?.chunk_id ?? "");
    const turns = Array.from({ length: 160 }, (_, turn) => turn);
    const common = (turn: number) => ({ agent_id: "my-agent", execution_id: `e${turn}` });
    const queryAt = (turn: number): string => `which office room for ${CALLED[turn % 8]} please`;
    await ok("POST", "/executions", {
      executions: turns.map((turn) => ({
        ...common(turn),
        user_id: `u${turn % 40}`,
        input_text: queryAt(turn),
        output_text: "x",
        status: "succeeded",
      })),
    });
    await ok("POST", "/retrievals", {
      retrievals: turns.map((turn) => ({
        ...common(turn),
        id: newId(),
        query: queryAt(turn),
        chunks: chunks.map((chunk, place) => ({ chunk_id: chunk, rank: place + 1, score: 1 })),
      })),
    });
    await ok("POST", "/feedback/batch", {
      feedback: turns.map((turn) => ({
        ...common(turn),
        user_id: `u${turn % 40}`,
        feedback_type: "thumbs_up",
        metadata: { chunk_marks: [{ chunk_id: chunks[turn % 8], relevant: true }] },
      })),
    });
    return chunks;
  };

  it("learns from what people said of documents since deleted, shows none of them, and ranks the others as before", async () => {
    await seed();
    const before = await learned();
    expect(before.metrics, JSON.stringify(before.metrics["reasons"])).toMatchObject({ outcome: "promote" });
    const first = async (version: string | null, called: string): Promise<string | undefined> =>
      (await retrieve(`office room for ${called}`, { version_id: version })).chunks[0]?.document_id;
    expect(await first(before.candidate_version_id, "wages")).toBe("salary");
    await ok("DELETE", "/agents/my-agent/documents/salary");
    // What serves goes on without it, whatever its memory says.
    for (const query of ["office room for wages", "salary"]) {
      const { chunks } = await retrieve(query, { version_id: before.candidate_version_id });
      expect(chunks.map((chunk) => chunk.document_id)).not.toContain("salary");
    }
    expect(await first(before.candidate_version_id, "licence")).toBe("permit");
    const after = await learned();
    expect(after).toMatchObject({ status: "completed", error: null });
    expect(after.metrics).toMatchObject({ evidence: { judged_queries: 160 } });
    const version = after.candidate_version_id ?? before.candidate_version_id;
    for (const [called, topic] of [
      ["licence", "permit"],
      ["motor", "engine"],
      ["annuity", "pension"],
    ] as const)
      expect(await first(version, called)).toBe(topic);
  });

  it("takes marks on chunks that nobody knows, and impressions twice, without learning anything of them", async () => {
    await seed();
    const id = newId();
    const impression = { id, agent_id: "my-agent", execution_id: "e0", query: "twice", chunks: [] };
    const record = async (): Promise<string | undefined> =>
      (await ok<{ results: RecordedRetrieval[] }>("POST", "/retrievals", { retrievals: [impression] }))
        .results[0]?.status;
    expect([await record(), await record()]).toEqual(["recorded", "duplicate"]);
    const listed = await ok<{ data: Retrieval[] }>("GET", "/retrievals/my-agent?execution_id=e0");
    expect(listed.data.filter((one) => one.id === id)).toHaveLength(1);
    for (let person = 0; person < 20; person += 1)
      await ok("POST", "/feedback", {
        agent_id: "my-agent",
        execution_id: `e${person}`,
        user_id: `stranger-${person}`,
        feedback_type: "comment",
        feedback_text: "see there",
        metadata: { chunk_marks: [{ chunk_id: "no such chunk", relevant: true }] },
      });
    const run = await learned();
    expect(run.metrics, JSON.stringify(run.metrics["reasons"])).toMatchObject({ outcome: "promote" });
    for (const [place, called] of CALLED.entries()) {
      const { chunks } = await retrieve(`office room for ${called}`, {
        version_id: run.candidate_version_id,
      });
      expect(chunks[0]?.document_id).toBe(TOPICS[place]);
      expect(chunks.map((chunk) => chunk.chunk_id)).not.toContain("no such chunk");
    }
  });

  it("refuses scores that are no numbers, ranks that are taken, and a second re-chunking, naming the field", async () => {
    await seed();
    const refused = async (path: string, body: object): Promise<[number, string | undefined]> => {
      const answer = await call<{ errors?: { path: string }[] }>("POST", path, body);
      return [answer.status, answer.body.errors?.[0]?.path];
    };
    const retrieval = (chunks: object[]) => ({
      retrievals: [{ agent_id: "my-agent", execution_id: "odd", query: "q", chunks }],
    });
    for (const score of ["NaN", "1", true, {}]) {
      const [status, path] = await refused("/retrievals", retrieval([{ chunk_id: "a", rank: 1, score }]));
      expect([400, 422]).toContain(status);
      expect(path).toMatch(/chunks\.0\.score$/);
    }
    const raw = await api.server.inject({
      method: "POST",
      url: "/api/learning/retrievals",
      headers: { authorization: `Bearer ${organization.secret.key}`, "content-type": "application/json" },
      payload:
        '{"agent_id":"my-agent","execution_id":"odd","query":"q","chunks":[{"chunk_id":"a","rank":1,"score":NaN}]}',
    });
    expect([400, 422]).toContain(raw.statusCode);
    const twice = [
      { chunk_id: "a", rank: 1 },
      { chunk_id: "b", rank: 1 },
    ];
    expect([400, 422]).toContain((await refused("/retrievals", retrieval(twice)))[0]);
    expect((await ok<{ data: Retrieval[] }>("GET", "/retrievals/my-agent?execution_id=odd")).data).toEqual(
      [],
    );
    const run = {
      name: "cut",
      agent_id: "my-agent",
      training_type: "rag_training",
      config: { method: "chunking" },
    };
    await ok("POST", "/training-runs", run);
    expect((await refused("/training-runs", run))[0]).toBe(409);
    // What serves is as it was.
    expect((await retrieve("ledger")).chunks[0]?.document_id).toBe("ledger");
  });
});
