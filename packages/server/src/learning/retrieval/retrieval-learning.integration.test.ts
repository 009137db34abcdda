import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  AgentVersion,
  EmbeddingDataQuery,
  Reranked,
  RetrievalArtifact,
  TrainingRun,
} from "@agent-learning/contract";
import { createReranker, type RetrievalArtifact as LearnedArtifact } from "@agent-learning/learning";
import { createLearning } from "@agent-learning/sdk";
import { createLocalReranker } from "@agent-learning/sdk/rerank";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { candidateObservers } from "../../candidate-observers.ts";
import { systemContext } from "../../create-context.ts";
import { vetCandidate } from "../../evaluation/gates/index.ts";
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
import { sendQueries, simulatedQueries } from "./retrieval-evidence.testing.ts";
import { runRetrievalTraining } from "./run-retrieval-training.ts";

describeEachEngine("retrieval learning", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;

  beforeAll(() => {
    api = createTestApi(suite.database, { candidateObservers, vetCandidate });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
  });

  const ok = async <T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> => {
    const answer = await api.call<T>(organization, method, path, {
      as: "secret",
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const putIntoService = async (): Promise<string> => {
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
      config: {
        runtime: "demonstrations",
        demonstrations: [{ input: "hello", output: "hi" }],
        retrieval: { top_k: 5 },
      },
    });
    await ok("POST", "/agents/my-agent/serving", { version_id: version.id });
    return version.id;
  };
  const start = (config: object = {}): Promise<TrainingRun> =>
    ok("POST", "/training-runs", {
      name: "rag",
      agent_id: "my-agent",
      training_type: "rag_training",
      config,
    });
  const run = (runId: string, signal = new AbortController().signal): Promise<void> =>
    runRetrievalTraining({ ctx: systemContext(api.services, organization.id, "test"), runId, signal });
  const read = (runId: string): Promise<TrainingRun> => ok("GET", `/training-runs/by-id/${runId}`);
  const learned = async (config: object = {}): Promise<TrainingRun> => {
    const { id } = await start(config);
    await run(id);
    return read(id);
  };
  const shareOfFirst = async (versionId?: string): Promise<number> => {
    let right = 0;
    const later = simulatedQueries(20, "much later");
    for (const { query, candidates, relevant } of later) {
      const { chunks } = await ok<Reranked>("POST", "/rerank", {
        agent_id: "my-agent",
        query,
        candidates,
        ...(versionId === undefined ? {} : { version_id: versionId }),
      });
      expect(chunks.map(({ chunk_id: id }) => id).toSorted()).toEqual(
        candidates.map(({ chunk_id: id }) => id).toSorted(),
      );
      if (chunks[0]?.chunk_id === relevant) right += 1;
    }
    return right / later.length;
  };

  it("learns from marks what to show first, through the gate to staging and a draft experiment", async () => {
    const base = await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    const done = await learned();
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 800)).toMatchObject({
      outcome: "promote",
      evidence: { retrievals: 240, judged_queries: 240 },
      gate: { verdict: "promote", queries: 60 },
    });
    expect(done).toMatchObject({ status: "completed", progress_percentage: 100, base_version_id: base });
    const gate = done.metrics["gate"] as { slices: { slice: string }[]; candidate: { ndcg10: number } };
    expect(gate.candidate.ndcg10).toBeGreaterThan(0.9);
    expect(gate.slices.map(({ slice }) => slice)).toContain("warm");
    expect((done.metrics["moves"] as unknown[]).length).toBeGreaterThan(5);

    const candidateId = done.candidate_version_id ?? "";
    const candidate = await ok<AgentVersion>("GET", `/agents/my-agent/versions/${candidateId}`);
    expect(candidate).toMatchObject({ origin: "rag_training", parent_version_id: base });
    const ranking = candidate.config.retrieval["ranking"] as { artifact_id: string };
    expect(candidate.config.retrieval).toMatchObject({ top_k: 5, ranking: { format: 2 } });
    const staging = await ok<{ default_version_id: string }>(
      "GET",
      "/agents/my-agent/serving?environment=staging",
    );
    expect(staging.default_version_id).toBe(candidateId);
    const experiments = await ok<{ data: object[] }>("GET", "/experiments/my-agent");
    expect(experiments.data).toMatchObject([{ status: "draft", training_run_id: done.id }]);
    const reports = await suite.database.kysely
      .selectFrom("evaluation_reports")
      .select(["kind", "verdict"])
      .where("organization_id", "=", organization.id)
      .orderBy("kind")
      .execute();
    expect(reports).toEqual([
      { kind: "gate", verdict: "promote" },
      { kind: "regression", verdict: "passed" },
      { kind: "safety", verdict: "passed" },
    ]);

    // Production is as it was; the candidate knows better, here and in the agent's own process.
    expect(await shareOfFirst()).toBeLessThan(0.5);
    expect(await shareOfFirst(candidateId)).toBeGreaterThan(0.9);
    const artifact = await ok<RetrievalArtifact>("GET", `/retrieval-artifacts/${ranking.artifact_id}`);
    expect(done.model_artifact_path).toBe(`/api/learning/retrieval-artifacts/${ranking.artifact_id}`);
    expect(JSON.stringify(artifact)).not.toContain("asker-");
    const local = createReranker(artifact as unknown as LearnedArtifact);
    const [{ query, candidates } = { query: "", candidates: [] }] = simulatedQueries(1, "one more");
    const remote = await ok<Reranked>("POST", "/rerank", {
      agent_id: "my-agent",
      query,
      candidates,
      version_id: candidateId,
      recall: 5,
    });
    const asked = candidates.map(({ chunk_id: chunk, score }) => ({ chunk, score }));
    expect(local.rerank(query, asked).map(({ chunk }) => chunk)).toEqual(
      remote.chunks.map(({ chunk_id: id }) => id),
    );
    expect(remote).toMatchObject({ version_id: candidateId, ranker_version: ranking.artifact_id });
    for (const chunk of remote.recalled) expect(candidates.map((each) => each.chunk_id)).not.toContain(chunk);

    // The job again changes nothing.
    await run(done.id);
    expect(await read(done.id)).toEqual(done);

    // A person who is erased leaves the memory.
    const before = artifact.memory.length;
    const erased = await api.call(organization, "DELETE", "/persons/asker-7");
    expect(erased.status).toBeLessThan(300);
    const after = await ok<RetrievalArtifact>("GET", `/retrieval-artifacts/${ranking.artifact_id}`);
    expect(after.memory.length).toBeLessThan(before);
    expect(after.memory.length).toBeGreaterThan(before / 2);
  });

  it("keeps the order and says why where marks point to the wrong chunks, or are few", async () => {
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(20, "few"), { prefix: "few" });
    const few = await learned();
    expect(few).toMatchObject({ status: "completed", candidate_version_id: null });
    expect(few.metrics).toMatchObject({ outcome: "seed_kept", evidence: { judged_queries: 20 } });
    expect((few.metrics["reasons"] as string[])[0]).toMatch(/20 queries .* 50 are needed/);

    // Wrong while it learns, right while it is judged.
    await sendQueries(api, organization, simulatedQueries(150, "lies"), { prefix: "l", wrong: () => true });
    await sendQueries(api, organization, simulatedQueries(80, "truth"), { prefix: "t" });
    const harmful = await learned({ held_out: 0.3 });
    expect(harmful.metrics).toMatchObject({ outcome: "seed_kept" });
    expect(harmful.candidate_version_id).toBeNull();
  });

  it("a run that is cancelled ends so, one whose worker stops is taken up and ends the same", async () => {
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(120, "asked"), { prefix: "q" });
    const cancelled = await start();
    await ok("POST", `/training-runs/by-id/${cancelled.id}/cancel`);
    await run(cancelled.id);
    expect((await read(cancelled.id)).status).toBe("cancelled");

    const { id } = await start();
    await expect(run(id, AbortSignal.abort(new Error("the worker stops")))).rejects.toThrow(
      "the worker stops",
    );
    expect((await read(id)).status).toBe("running");
    // What comes in between is not evidence of this run.
    await sendQueries(api, organization, simulatedQueries(30, "later"), { prefix: "later" });
    await run(id);
    expect(await read(id)).toMatchObject({
      status: "completed",
      metrics: { evidence: { retrievals: 120 } },
    });
  });

  it("brings chunks' relevance up to date where a ranker uses it, and says where none does", async () => {
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(120, "asked"), { prefix: "q" });
    const trainer = new RAGTrainer(createTestContext(api.services, organization, "reviewer"));
    const without = await trainer.updateChunkRelevance({ agentId: "my-agent" });
    await run(without.id);
    expect((await read(without.id)).metrics).toMatchObject({
      outcome: "seed_kept",
      reasons: [expect.stringMatching(/learn a ranking first/)],
    });
    const [more] = simulatedQueries(1, "through the class");
    await sendQueries(api, organization, [more ?? { query: "", relevant: "", candidates: [] }], {
      prefix: "c",
    });
    const ranked = await trainer.trainFromFeedback({ agentId: "my-agent" }, [
      {
        executionId: "c-0",
        userId: "another",
        helpful: true,
        marks: [{ chunkId: more?.relevant ?? "", relevant: true }],
      },
      { executionId: "c-0", userId: "a third", marks: [{ chunkId: "chunk-x", relevant: false }] },
    ]);
    await run(ranked.id);
    expect((await read(ranked.id)).metrics).toMatchObject({ evidence: { retrievals: 121 } });

    const lines: string[] = [];
    for await (const pair of await trainer.collectEmbeddingTrainingData({ agentId: "my-agent", limit: 50 }))
      lines.push(pair.positive);
    expect(lines).toHaveLength(50);
  });

  it("holds a candidate to the ranking in service, and brings only its relevance up to date when asked", async () => {
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    // Nothing serves yet: the first version is made by the run.
    const first = await learned();
    expect(first.metrics, JSON.stringify(first.metrics["reasons"])).toMatchObject({ outcome: "promote" });
    await ok("POST", "/agents/my-agent/serving", { version_id: first.candidate_version_id });
    expect(await shareOfFirst()).toBeGreaterThan(0.9);

    // The same in the agent's own process, by the SDK.
    await api.server.listen({ port: 0, host: "127.0.0.1" });
    const directory = await mkdtemp(join(tmpdir(), "als-rerank-"));
    const baseUrl = `http://127.0.0.1:${(api.server.server.address() as AddressInfo).port}`;
    const { key } = organization.secret;
    const learning = createLearning({ baseUrl, key, agentId: "my-agent", directory });
    const local = createLocalReranker({ learning, baseUrl, key });
    try {
      expect(await local.ready()).toBe(true);
      for (const { query, candidates } of simulatedQueries(10, "in the agent")) {
        const asked = candidates.map(({ chunk_id: chunkId, score }) => ({ chunkId, score }));
        const here = local.rerank(query, asked, { unit: "somebody", recall: 3 });
        const there = await ok<Reranked>("POST", "/rerank", {
          agent_id: "my-agent",
          query,
          candidates,
          unit_id: "somebody",
          recall: 3,
        });
        expect(here.chunks.map(({ chunkId }) => chunkId)).toEqual(there.chunks.map((one) => one.chunk_id));
        expect(here).toMatchObject({
          recalled: there.recalled,
          rankerVersion: there.ranker_version,
          versionId: first.candidate_version_id,
        });
        const chunks = here.chunks.map(({ chunkId, rank, score }) => ({ chunkId, rank, score }));
        learning.retrieval({ executionId: "later", query, rankerVersion: here.rankerVersion, chunks });
      }
      expect(await learning.flush()).toBe(true);
      const recorded = await ok<{ data: { ranker_version: string }[] }>(
        "GET",
        "/retrievals/my-agent?limit=10",
      );
      expect(new Set(recorded.data.map((one) => one.ranker_version)).size).toBe(1);
      expect(recorded.data[0]?.ranker_version).toMatch(/^[0-9a-f-]{36}$/);
    } finally {
      local.close();
      await learning.close({ timeoutMilliseconds: 1 });
      await rm(directory, { recursive: true, force: true });
    }
    const update = await learned({ method: "chunk_relevance" });
    expect(update).toMatchObject({ status: "completed", base_version_id: first.candidate_version_id });
    // Against itself with the same evidence there is nothing to win.
    expect(update.metrics).toMatchObject({
      outcome: "seed_kept",
      trials: [],
      gate: { verdict: "keep", queries: 60, baseline: { ndcg10: expect.closeTo(1, 1) as number } },
    });
  });

  it("exports queries with hard negatives as JSON lines", async () => {
    await sendQueries(api, organization, simulatedQueries(12, "asked"), { prefix: "q" });
    const query: Partial<EmbeddingDataQuery> = { days: 7 };
    const answer = await api.server.inject({
      url: `/api/learning/agents/my-agent/embedding-data?days=${query.days}`,
      headers: { authorization: `Bearer ${organization.secret.key}` },
    });
    expect(answer.headers["content-type"]).toMatch(/ndjson/);
    const lines = answer.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(12);
    for (const { positive, negatives } of lines) {
      expect(negatives).not.toContain(positive);
      expect((negatives as string[]).length).toBeGreaterThan(3);
    }
    const unknown = await api.call(organization, "GET", "/agents/nobody/embedding-data");
    expect(unknown.status).toBe(404);
  });

  it("refuses what makes no sense, naming the field", async () => {
    await putIntoService();
    const refused = async (path: string, body: object): Promise<[number, string | undefined]> => {
      const answer = await api.call<{ errors?: { path: string }[] }>(organization, "POST", path, {
        as: "secret",
        body,
      });
      return [answer.status, answer.body.errors?.[0]?.path];
    };
    const training = { name: "rag", agent_id: "my-agent", training_type: "rag_training" };
    expect(await refused("/training-runs", { ...training, config: { held_out: 2 } })).toEqual([
      422,
      "body.config.held_out",
    ]);
    expect((await refused("/training-runs", { ...training, config: { sed: 1 } }))[0]).toBe(422);
    const twice = [
      { chunk_id: "a", score: 1 },
      { chunk_id: "a", score: 2 },
    ];
    const ask = { agent_id: "my-agent", query: "q" };
    expect((await refused("/rerank", { ...ask, candidates: twice }))[0]).toBe(400);
    expect((await refused("/rerank", { ...ask, candidates: [{ chunk_id: "a", score: null }] }))[0]).toBe(422);
    expect(await refused("/rerank", { ...ask, candidates: [], version_id: newId() })).toEqual([
      422,
      "body.version_id",
    ]);
    expect((await refused("/rerank", { ...ask, agent_id: "nobody", candidates: [] }))[0]).toBe(404);
    const vote = { agent_id: "my-agent", execution_id: "x", user_id: "u", feedback_type: "thumbs_up" };
    const marks = [{ chunk_id: "a", relevant: "yes" }];
    expect(await refused("/feedback", { ...vote, metadata: { chunk_marks: marks } })).toEqual([
      422,
      "body.metadata.chunk_marks.0.relevant",
    ]);
    // An empty list and scores that are equal are no mistakes.
    expect(await ok<Reranked>("POST", "/rerank", { ...ask, candidates: [] })).toMatchObject({
      chunks: [],
      ranker_version: "store",
    });
  });

  it("a version with an artifact that cannot be read is a conflict, not a crash", async () => {
    const rank = async (format: number) => {
      const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
        config: {
          retrieval: { ranking: { artifact_id: newId(), content_hash: "x".repeat(64), format } },
        },
      });
      return api.call(organization, "POST", "/rerank", {
        as: "secret",
        body: { agent_id: "my-agent", query: "q", candidates: [], version_id: version.id },
      });
    };
    expect((await rank(2)).status).toBe(409);
    expect((await rank(99)).status).toBe(409);
  });
});
