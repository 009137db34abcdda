import type { TrainingRun } from "@agent-learning/contract";
import { createRandom } from "@agent-learning/learning";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { candidateObservers } from "../../candidate-observers.ts";
import { composeServer } from "../../compose.ts";
import { systemContext } from "../../create-context.ts";
import { json, withSystem } from "../../database/index.ts";
import { sql } from "kysely";
import { vetCandidate } from "../../evaluation/gates/index.ts";
import { pinnedCases } from "../../evaluation/regression/index.ts";
import { newId } from "../../new-id.ts";
import type { Services } from "../../services.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
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

function message(label: string, index: number): string {
  const random = createRandom(`${label}:${index}`);
  const pick = (words: readonly string[]): string => words[Math.floor(random.next() * words.length)] ?? "";
  const filler = Array.from({ length: 6 }, () => pick(FILLER));
  return [...filler.slice(0, 3), pick(WORDS[label] ?? []), ...filler.slice(3), pick(WORDS[label] ?? [])].join(
    " ",
  );
}

// Thresholds of their own have tests of their own; here the dataset is to pass.
const policy = { training: { min_human_verified: 0, min_annotation_agreement: 0, min_doubly_annotated: 0 } };

describeEachEngine("prompt optimisation", (context) => {
  let services: Services;
  let server: FastifyInstance;
  let organization: TestOrganization;
  let agentId: string;

  beforeAll(() => {
    services = createTestServices(context.database, { candidateObservers, pinnedCases, vetCandidate });
    server = composeServer(services);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organization = await createTestOrganization(context.database);
    agentId = await createTestAgent(context.database, organization.id, { policy });
  });

  async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const response = await server.inject({
      method,
      url: `/api/learning${path}`,
      headers: {
        authorization: `Bearer ${organization.secret.key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    expect(response.statusCode, response.body).toBeLessThan(300);
    return response.json() as T;
  }

  async function addExamples(perLabel: number): Promise<void> {
    const rows = Object.keys(WORDS).flatMap((label) =>
      Array.from({ length: perLabel }, (_, index) => {
        const id = newId();
        return {
          organization_id: organization.id,
          id,
          agent_id: agentId,
          example_type: "correction",
          input_context: json({}),
          input_text: message(label, index),
          expected_output: label,
          source_type: "import",
          group_key: `example:${id}`,
          review_status: "approved",
          reviewed_at: new Date("2026-01-01"),
          quality_score: 0.9,
        };
      }),
    );
    await withSystem(context.database.kysely, (tx) =>
      tx.insertInto("learning_examples").values(rows).execute(),
    );
  }

  const putIntoService = async (): Promise<string> => {
    const version = await call<{ id: string }>("POST", "/agents/my-agent/versions", {
      config: {
        runtime: "demonstrations",
        demonstrations: [{ input: "please help with vat", output: "vat" }],
        parameters: { default_output: "vat" },
      },
    });
    await call("POST", "/agents/my-agent/serving", { version_id: version.id });
    return version.id;
  };
  const start = (): Promise<TrainingRun> =>
    call("POST", "/optimize-prompt", { agent_id: "my-agent", optimization_goals: ["accuracy", "clarity"] });
  const run = (runId: string, signal = new AbortController().signal): Promise<void> =>
    runPromptOptimization({ ctx: systemContext(services, organization.id, "test"), runId, signal });
  const read = (runId: string): Promise<TrainingRun> => call("GET", `/training-runs/by-id/${runId}`);

  it("learns a candidate that passes the gate, stages it and drafts its experiment", async () => {
    const base = await putIntoService();
    await addExamples(60);
    const { id } = await start();
    await run(id);
    const done = await read(id);
    expect(done).toMatchObject({ status: "completed", progress_percentage: 100, base_version_id: base });
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 600)).toMatchObject({
      outcome: "promote",
      unmeasured_goals: [{ goal: "clarity" }],
    });
    const gate = done.metrics["gate"] as { candidate_score: number; baseline_score: number; rows: number };
    expect(gate.candidate_score).toBeGreaterThan(gate.baseline_score + 0.3);
    expect(gate.rows).toBeGreaterThan(5);

    const candidate = await call<{
      parent_version_id: string;
      origin: string;
      config: { demonstrations: { example_id?: string }[] };
    }>("GET", `/agents/my-agent/versions/${done.candidate_version_id ?? ""}`);
    expect(candidate).toMatchObject({ parent_version_id: base, origin: "prompt_optimization" });
    expect(
      candidate.config.demonstrations.filter(({ example_id }) => example_id !== undefined).length,
    ).toBeGreaterThan(50);

    const experiments = await call<{ data: { status: string; training_run_id: string }[] }>(
      "GET",
      "/experiments/my-agent",
    );
    expect(experiments.data).toMatchObject([{ status: "draft", training_run_id: id }]);
    const staging = await call<{ default_version_id: string }>(
      "GET",
      "/agents/my-agent/serving?environment=staging",
    );
    expect(staging.default_version_id).toBe(done.candidate_version_id);
    const production = await call<{ default_version_id: string }>("GET", "/agents/my-agent/serving");
    expect(production.default_version_id).toBe(base);

    const reports = await context.database.kysely
      .selectFrom("evaluation_reports")
      .select(["kind", "verdict", "training_run_id"])
      .where("organization_id", "=", organization.id)
      .orderBy("kind")
      .execute();
    expect(reports).toEqual([
      { kind: "contributors", verdict: "passed", training_run_id: id },
      { kind: "gate", verdict: "promote", training_run_id: id },
      { kind: "regression", verdict: "passed", training_run_id: id },
      { kind: "safety", verdict: "passed", training_run_id: id },
    ]);
    const used = await context.database.kysely
      .selectFrom("learning_examples")
      .select(({ fn }) => fn.sum<number>("times_used_in_training").as("sum"))
      .where("organization_id", "=", organization.id)
      .executeTakeFirstOrThrow();
    expect(Number(used.sum)).toBeGreaterThan(100);

    // A second run of the same job changes nothing.
    await run(id);
    expect(await read(id)).toEqual(done);
  });

  it("keeps the seed and says why when nothing may be learned from", async () => {
    const { id } = await start();
    await run(id);
    const done = await read(id);
    expect(done).toMatchObject({ status: "completed", candidate_version_id: null });
    expect(done.metrics).toMatchObject({ outcome: "seed_kept" });
    expect((done.metrics["reasons"] as string[]).join(" ")).toMatch(
      /no dataset that may be learned from.*No approved, active example/i,
    );
  });

  it("refuses a candidate that breaks a pinned case which the version in production answers right", async () => {
    await putIntoService();
    await addExamples(40);
    // Said the other way round by every example, and pinned all the same: what a person pins outranks what was learned.
    const input = message("payroll", 3);
    await call("POST", "/regression-cases", {
      agent_id: "my-agent",
      input_text: input,
      expected_output: "vat",
    });
    const { id } = await start();
    await run(id);
    const done = await read(id);
    expect(done.metrics).toMatchObject({ outcome: "reject", gate: { verdict: "reject" } });
    const experiments = await call<{ data: unknown[] }>("GET", "/experiments/my-agent");
    expect(experiments.data).toEqual([]);
  });

  it("refuses a candidate that the release gate refuses, and keeps its reports with the version", async () => {
    await putIntoService();
    await addExamples(60);
    // Nobody may demonstrate with a client's card number; the rows of the dataset cannot know that.
    const card = "4111 1111 1111 1111";
    const pinned = await call<{ id: string }>("POST", "/regression-cases", {
      agent_id: "my-agent",
      input_text: "hello there",
      expected_output: "no such intent",
      evaluator: { kind: "differs" },
    });
    await withSystem(context.database.kysely, (tx) =>
      tx
        .updateTable("learning_examples")
        .set({ input_text: sql<string>`input_text || ${` card ${card}`}` })
        .where("organization_id", "=", organization.id)
        .where("expected_output", "=", "payroll")
        .execute(),
    );
    const { id } = await start();
    await run(id);
    const done = await read(id);
    expect(done.metrics).toMatchObject({ outcome: "reject", gate: { verdict: "reject" } });
    expect((done.metrics["gate"] as { reasons: string[] }).reasons[0]).toMatch(
      /Safety failed: \d+ new pieces of personal data: Visa card number in demonstrations/,
    );
    expect(JSON.stringify(done.metrics["gate"])).not.toContain(card);
    const runs = await call<{
      data: { verdict: string; training_run_id: string; candidate_version_id: string }[];
    }>("GET", "/evaluation-runs?agent_id=my-agent");
    expect(runs.data).toMatchObject([
      { verdict: "failed", training_run_id: id, candidate_version_id: done.candidate_version_id },
    ]);
    const details = await call<{ regression: { cases: { case_id: string; status: string }[] } }>(
      "GET",
      `/evaluation-runs/${(runs.data[0] as unknown as { id: string }).id}`,
    );
    expect(details.regression.cases).toMatchObject([{ case_id: pinned.id, status: "passed" }]);
    expect((await call<{ data: unknown[] }>("GET", "/experiments/my-agent")).data).toEqual([]);
  });

  it("goes on after its worker died, and ends as if it had not", async () => {
    await putIntoService();
    await addExamples(60);
    const first = await start();
    const stopping = new AbortController();
    stopping.abort(new Error("the worker stops"));
    await expect(run(first.id, stopping.signal)).rejects.toThrow(/worker stops|aborted/);
    expect(await read(first.id)).toMatchObject({ status: "running", candidate_version_id: null });
    await run(first.id);
    expect(await read(first.id)).toMatchObject({ status: "completed", metrics: { outcome: "promote" } });
  });
});
