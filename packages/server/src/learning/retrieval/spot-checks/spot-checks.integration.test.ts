import type {
  AgentVersion,
  AnnotationQueue,
  ClaimedAnnotation,
  LearningExample,
  Reranked,
  RetrievalReport,
  RolloutDetails,
  Rollout,
  SpotCheckRate,
  TrainingRun,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { candidateObservers } from "../../../candidate-observers.ts";
import { systemContext } from "../../../create-context.ts";
import { withSystem } from "../../../database/index.ts";
import { vetCandidate } from "../../../evaluation/gates/index.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { sendQueries, simulatedQueries } from "../retrieval-evidence.testing.ts";
import { runRetrievalTraining } from "../run-retrieval-training.ts";

describeEachEngine("spot checks of retrieval learning", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(() => {
    api = createTestApi(suite.database, { candidateObservers, vetCandidate });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
  });

  const ok = async <T>(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    as: "secret" | "annotator" | "reviewer" | "admin" = "secret",
    headers: Record<string, string> = {},
  ): Promise<T> => {
    const answer = await api.call<T>(organization, method, path, {
      as,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const putIntoService = async (): Promise<string> => {
    const config = { runtime: "demonstrations", demonstrations: [{ input: "hello", output: "hi" }] };
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", { config });
    await ok("POST", "/agents/my-agent/serving", { version_id: version.id });
    return version.id;
  };
  const learned = async (): Promise<TrainingRun> => {
    const body = { name: "rag", agent_id: "my-agent", training_type: "rag_training", config: {} };
    const { id } = await ok<TrainingRun>("POST", "/training-runs", body);
    const ctx = systemContext(api.services, organization.id, "test");
    await runRetrievalTraining({ ctx, runId: id, signal: new AbortController().signal });
    const run = await ok<TrainingRun>("GET", `/training-runs/by-id/${id}`);
    expect(run.metrics, JSON.stringify(run.metrics["reasons"])).toMatchObject({ outcome: "promote" });
    return run;
  };
  const report = (runId: string): Promise<RetrievalReport> =>
    ok("GET", `/training-runs/by-id/${runId}/retrieval`);
  const claim = (queueId: string): Promise<ClaimedAnnotation | Record<string, never>> =>
    ok("POST", "/annotations/claim", { queue_id: queueId }, "annotator");
  const sum = (rates: readonly SpotCheckRate[], key: "checks" | "waiting" | "better" | "worse"): number =>
    rates.reduce((total, rate) => total + rate[key], 0);

  it("shows people what chunks of the agent's own store say, where it was told, until it has to go", async () => {
    await createTestAgent(suite.database, organization.id);
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), {
      prefix: "q",
      excerptOf: (chunk) => `The text of ${chunk}.`,
    });
    const run = await learned();
    const { moves, spot_checks: checks } = await report(run.id);
    const shown = moves[0]?.after[0];
    expect(shown).toMatchObject({ document_id: null, title: null, text: `The text of ${shown?.chunk_id}.` });
    const claimed = await claim(checks?.queue_id ?? "");
    if (!("example" in claimed)) throw new Error("nothing to look at");
    expect((claimed as ClaimedAnnotation).example.output_a).toMatch(/^1\. (chunk-\d+)\nThe text of \1\./);

    let person = "";
    // Whoever asked is erased, and with them what they were shown.
    const [asked] = moves;
    await withSystem(suite.database.kysely, async (tx) => {
      const { rows } = await sql<{
        user_id: string;
      }>`SELECT e.user_id FROM retrievals r JOIN agent_executions e
        ON e.organization_id = r.organization_id AND e.id = r.execution_id WHERE r.id = ${asked?.retrieval_id}`.execute(
        tx,
      );
      person = rows[0]?.user_id ?? "";
    });
    await ok("DELETE", `/persons/${person}`, undefined, "admin");
    const left = (await report(run.id)).moves.find(({ retrieval_id: id }) => id === asked?.retrieval_id);
    expect(left?.query ?? "[erased]").toBe("[erased]");
    const { rows } = await withSystem(suite.database.kysely, (tx) =>
      sql<{
        left: number;
      }>`SELECT COUNT(excerpts)::int AS left FROM retrievals WHERE organization_id = ${organization.id}
        AND query_text = '[erased]'`.execute(tx),
    );
    expect(rows).toEqual([{ left: 0 }]);
  });

  it("asks people which list is better, blind, in a queue of its own, and says how often the new one is worse", async () => {
    await createTestAgent(suite.database, organization.id);
    // A queue that would take anything.
    const greedy = await ok<AnnotationQueue>(
      "POST",
      "/queues",
      { agent_id: "my-agent", name: "All" },
      "admin",
    );
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    const run = await learned();
    const fresh = await report(run.id);
    const rates = fresh.spot_checks?.rates ?? [];
    expect(sum(rates, "checks")).toBe(50);
    expect(rates[0]).toMatchObject({ kind: "uniform", checks: 10 });
    expect(rates.map(({ kind }) => kind)).toContain("rank_move");
    const queueId = fresh.spot_checks?.queue_id ?? "";
    expect(queueId).not.toBe(greedy.id);
    const queue = await ok<AnnotationQueue>("GET", `/queues/${queueId}`, undefined, "admin");
    expect(queue).toMatchObject({ name: "Spot checks of retrieval", is_active: true, overlap: 1 });
    expect(queue.guidelines).toMatch(/which list would help more/);

    // Somebody who knows which chunk answers a question prefers the list that has it first.
    const rightOf = new Map(simulatedQueries(240, "asked").map(({ query, relevant }) => [query, relevant]));
    const placeOf = (output: string | null, chunk: string): number =>
      (output ?? "").split("\n\n").findIndex((line) => line.endsWith(`. ${chunk}`));
    const examples: string[] = [];
    for (;;) {
      const claimed = await claim(queueId);
      if (!("task" in claimed)) break;
      const { task, example } = claimed as ClaimedAnnotation;
      examples.push(example.id);
      expect(example).toMatchObject({ example_type: "preference", source_type: "spot_check" });
      expect(JSON.stringify(claimed)).not.toContain("candidate");
      const chunk = rightOf.get(example.input_text) ?? "";
      const [a, b] = [placeOf(example.output_a, chunk), placeOf(example.output_b, chunk)];
      const isA = a !== -1 && (b === -1 || a < b);
      // One in ten looks away and says the other.
      const wrong = examples.length % 10 === 0;
      const preferred = a === b ? "tie" : isA !== wrong ? "A" : "B";
      const answer = {
        learning_example_id: example.id,
        annotation_type: "review",
        decision: "approve",
        preference: { preferred },
        task_id: task.id,
        fencing_token: task.fencing_token,
      };
      await ok("POST", "/annotations", answer, "annotator");
    }
    expect(examples.length).toBeGreaterThan(25);
    expect(new Set(examples).size).toBe(examples.length);
    const { spot_checks: after } = await report(run.id);
    const done = after?.rates ?? [];
    expect(sum(done, "waiting")).toBe(0);
    expect(sum(done, "worse")).toBeGreaterThan(0);
    expect(sum(done, "worse")).toBeLessThan(sum(done, "better") / 3);
    for (const { error_rate: rate, interval } of done) {
      expect(rate).not.toBeNull();
      expect(interval?.[0]).toBeLessThanOrEqual(rate ?? -1);
      expect(interval?.[1]).toBeGreaterThanOrEqual(rate ?? 2);
    }

    // Nobody learns from them, and nobody can make them an example like others.
    const example = await ok<LearningExample>("GET", `/examples/${examples[0]}`);
    expect(example).toMatchObject({ review_status: "approved", is_active: false });
    const again = await api.call(organization, "PATCH", `/examples/${example.id}`, {
      body: { is_active: true },
      headers: { "if-match": `"${example.version}"` },
    });
    expect(again.status, JSON.stringify(again.body)).toBe(409);
    const made = await api.call(organization, "POST", "/examples", {
      body: {
        agent_id: "my-agent",
        example_type: "edge_case",
        source_type: "spot_check",
        input_text: "x",
        input_context: {},
      },
    });
    expect(made.status).toBe(400);

    // Whoever asked is erased: their words go, what people decided stays.
    await ok("DELETE", "/persons/asker-7", undefined, "admin");
    const later = await report(run.id);
    expect(sum(later.spot_checks?.rates ?? [], "better")).toBe(sum(done, "better"));
    const erased = await ok<{ data: LearningExample[] }>(
      "GET",
      "/examples?agent_id=my-agent&review_status=withdrawn",
    );
    for (const { input_text: text } of erased.data) expect(text).toBe("[erased]");

    // The next run asks in the same queue.
    await sendQueries(api, organization, simulatedQueries(120, "more"), { prefix: "m" });
    const second = await report((await learned()).id);
    expect(second.spot_checks?.queue_id).toBe(queueId);
  });

  it("shows what moved and why, in words where the documents are here", async () => {
    await createTestAgent(suite.database, organization.id);
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    const run = await learned();
    const { gate, moves, method, chunking } = await report(run.id);
    expect({ method, chunking }).toEqual({ method: "ranking", chunking: null });
    expect(gate).toMatchObject({ verdict: "promote", queries: 60 });
    expect(gate?.slices.map(({ slice }) => slice)).toContain("warm");
    expect(moves.length).toBeGreaterThan(5);
    for (const { query, before, after, moves: chunks } of moves) {
      expect(query).toMatch(/^please tell me/);
      expect(before.map(({ chunk_id: id }) => id).toSorted()).toEqual(
        after.map(({ chunk_id: id }) => id).toSorted(),
      );
      for (const { from, to } of chunks) expect(from).not.toBe(to);
    }
    // What is relevant comes first, because like queries led to it.
    const up = moves.flatMap((move) => move.moves.filter(({ is_relevant: isRelevant }) => isRelevant));
    expect(up.length).toBeGreaterThan(5);
    for (const { to, effects, memory } of up) {
      expect(to).toBe(1);
      expect(effects?.memory).toBeGreaterThan(effects?.store ?? Infinity);
      expect(memory).toBeGreaterThan(0.2);
    }
    const nobody = await api.call(organization, "GET", `/training-runs/by-id/${run.agent_id}/retrieval`);
    expect(nobody.status).toBe(404);
  });

  const AUTOMATIC = {
    retrieval_learning: { release: "automatic" },
    rollout: {
      stages: [
        { share: 0.1, hours: 24 },
        { share: 1, hours: 0 },
      ],
    },
  };
  const rollouts = async (): Promise<Rollout[]> =>
    (await ok<{ data: Rollout[] }>("GET", "/rollouts?agent_id=my-agent")).data;

  it("releases by itself as a canary where the policy says so, and goes back by pointer", async () => {
    await createTestAgent(suite.database, organization.id, { policy: AUTOMATIC });
    const base = await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    const run = await learned();
    const [canary, ...more] = await rollouts();
    expect(more).toEqual([]);
    expect(canary).toMatchObject({
      status: "running",
      share: 0.1,
      environment: "production",
      baseline_version_id: base,
      candidate_version_id: run.candidate_version_id,
    });

    // A tenth of the units is ranked by the candidate; the others as before.
    const [{ query, candidates } = { query: "", candidates: [] }] = simulatedQueries(1, "asked of all");
    const rank = async (unit?: string): Promise<Reranked> =>
      ok("POST", "/rerank", {
        agent_id: "my-agent",
        query,
        candidates,
        ...(unit === undefined ? {} : { unit_id: unit }),
      });
    const versions: (string | null)[] = [];
    for (let unit = 0; unit < 60; unit += 1) versions.push((await rank(`unit ${unit}`)).version_id);
    const share = versions.filter((id) => id === run.candidate_version_id).length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(20);
    expect(versions).toContain(base);

    // Promoted, and then undone: what is ranked by is whatever the pointer names.
    const before = await rank();
    expect(before).toMatchObject({ version_id: base, ranker_version: "store" });
    await ok("POST", `/rollouts/${canary?.id}/promote`, { reason: "the checks look well" }, "reviewer", {
      "if-match": `"${canary?.version}"`,
    });
    const promoted = await rank();
    expect(promoted.version_id).toBe(run.candidate_version_id);
    expect(promoted.chunks.map((one) => one.chunk_id)).not.toEqual(before.chunks.map((one) => one.chunk_id));
    await ok("POST", "/agents/my-agent/serving/revert", { reason: "people complained" }, "reviewer");
    expect(await rank()).toEqual(before);
  });

  it.each([
    ["there is no canary in the policy", { ...AUTOMATIC, rollout: { stages: [{ share: 1, hours: 0 }] } }],
    ["the policy has no gate", { ...AUTOMATIC, gate: { required: "never" } }],
    ["the gate lacks a report", { ...AUTOMATIC, gate: { required: "always" } }],
  ])("waits for a person where %s", async (_why, policy) => {
    await createTestAgent(suite.database, organization.id, { policy });
    // Without an answer of the agent's own the release gate cannot be asked.
    const version = await ok<AgentVersion>("POST", "/agents/my-agent/versions", {
      config: { model: { name: "theirs" } },
    });
    await ok("POST", "/agents/my-agent/serving", { version_id: version.id });
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    await learned();
    const [rollout, ...more] = await rollouts();
    expect(more).toEqual([]);
    const details = await ok<RolloutDetails>("GET", `/rollouts/${rollout?.id}`);
    expect(details.status).toBe("pending");
  });

  it("starts nothing unless the policy says so", async () => {
    await createTestAgent(suite.database, organization.id);
    await putIntoService();
    await sendQueries(api, organization, simulatedQueries(240, "asked"), { prefix: "q" });
    await learned();
    expect(await rollouts()).toEqual([]);
  });
});
