import type { LearningBudget, Problem, RunSpending, TrainingRun } from "@agent-learning/contract";
import { afterEach, expect, it } from "vitest";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { withPrice } from "../../models/with-price.ts";
import {
  BEGINNER,
  functionModel,
  imitate,
  modelProvider,
  openBench,
  type PromptBench,
} from "../prompt/prompt-actions.testing.ts";

const AGENT = {
  runtime: "model",
  components: { system_prompt: "Name the subject." },
  parameters: { max_tokens: 8 },
};

describeEachEngine("what learning may spend", (context) => {
  let bench: PromptBench | undefined;
  afterEach(async () => {
    await setClock(context.database, "0");
    await bench?.server.close();
  });

  async function open(price?: { input: number; output: number }) {
    const model = functionModel(imitate);
    bench = await openBench(context.database, {
      models: modelProvider(withPrice(model, price)),
      vetCandidate: async () => undefined,
    });
    if (price !== undefined) Object.assign(bench.services.config, { modelPrice: price });
    const { organization, ask, call } = bench;
    const admin = organization.members.admin.key;
    return {
      ...bench,
      model,
      set: (budget: unknown) => call<LearningBudget>("PUT", "/budget", budget, admin),
      budget: () => call<LearningBudget>("GET", "/budget"),
      ofRuns: (query = "") =>
        call<{ data: RunSpending[]; next_cursor: string | null }>("GET", `/budget/runs${query}`),
      start: (settings: Record<string, unknown>) =>
        ask<Omit<TrainingRun, "status"> & Problem>("POST", "/optimize-prompt", {
          agent_id: "my-agent",
          ...settings,
        }),
    };
  }

  it("has no limit until somebody sets one; only an administrator may, and the audit knows", async () => {
    const { budget, set, ask, call, organization } = await open();
    expect(await budget()).toMatchObject({
      period_days: 30,
      max_calls: null,
      spent: { calls: 0 },
      updated_at: null,
    });
    const reviewer = organization.members.reviewer.key;
    expect((await ask("PUT", "/budget", { max_calls: 5 }, reviewer)).status).toBe(403);
    expect(await set({ period_days: 7, max_calls: 500 })).toMatchObject({
      period_days: 7,
      max_calls: 500,
      max_tokens: null,
    });
    expect(await set({ max_tokens: 10 })).toMatchObject({ period_days: 30, max_calls: null, max_tokens: 10 });
    const audit = await call<{ data: { action: string }[] }>(
      "GET",
      "/audit",
      undefined,
      organization.members.admin.key,
    );
    expect(audit.data.filter(({ action }) => action === "budget.changed")).toHaveLength(2);
  });

  it.each([
    [{ max_calls: -1 }, 400, "body.max_calls"],
    [{ period_days: 0 }, 400, "body.period_days"],
    [{ max_tokens: 1.5 }, 400, "body.max_tokens"],
    // Without a price every call costs nothing.
    [{ max_cost: 5 }, 422, "body.max_cost"],
  ])("refuses %j", async (body, status, path) => {
    const { ask, organization } = await open();
    const refused = await ask<Problem>("PUT", "/budget", body, organization.members.admin.key);
    expect(refused).toMatchObject({ status, body: { errors: [{ path }] } });
  });

  it("refuses a run that asks for more than is left, held back for others too, and says what is left", async () => {
    const { set, start, putIntoService, budget, call } = await open();
    await putIntoService(AGENT);
    await set({ max_calls: 1_000 });
    const first = await start({ budget_calls: 700 });
    expect(first.status).toBe(202);
    expect(await budget()).toMatchObject({ spent: { calls: 0 }, reserved: { calls: 700 } });
    const second = await start({ budget_calls: 400 });
    expect(second).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: "body.budget_calls", message: expect.stringMatching(/is 400, and 300 are left/) as string },
        ],
      },
    });
    expect((await start({ budget_calls: 300 })).status).toBe(202);
    expect((await start({ budget_calls: 1 })).body.errors?.[0]?.message).toContain("finds nothing left");
    await call("POST", `/training-runs/by-id/${first.body.id}/cancel`);
    expect(await budget()).toMatchObject({ reserved: { calls: 300 } });
    expect((await start({ budget_calls: 400 })).status).toBe(202);
  });

  it("of two runs that fit only alone, started at once, one is refused", async () => {
    const { set, start, putIntoService } = await open();
    await putIntoService(AGENT);
    await set({ max_calls: 500 });
    const answers = await Promise.all([300, 301].map((calls) => start({ budget_calls: calls })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 422]);
  });

  it("does not ask the built-in agent for what it cannot spend", async () => {
    const { set, start, putIntoService } = await open();
    await putIntoService(BEGINNER);
    await set({ max_calls: 0 });
    expect((await start({ budget_calls: 400 })).status).toBe(202);
    const judge = { kind: "judge", rubric: "It is kind." };
    expect((await start({ budget_calls: 400, evaluator: judge })).status).toBe(422);
  });

  it("counts every call of a run, its gate's too, and forgets it after the period", async () => {
    const { set, optimise, putIntoService, addExamples, budget, ofRuns, model } = await open({
      input: 2,
      output: 10,
    });
    await putIntoService(AGENT);
    await addExamples(20);
    await set({ period_days: 10, max_cost: 100 });
    const run = await optimise({ budget_calls: 150 });
    expect(run.metrics["spent"]).toMatchObject({ calls: model.requests.length });
    const spent = await budget();
    expect(spent).toMatchObject({ spent: { calls: model.requests.length }, reserved: { calls: 0 } });
    const { totals } = run.metrics["ledger"] as { totals: { task: { calls: number; promptTokens: number } } };
    expect(spent.spent.calls).toBeGreaterThan(totals.task.calls);
    expect(spent.spent.tokens).toBeGreaterThan(totals.task.promptTokens);
    expect(spent.spent.cost).toBeGreaterThan((2 * spent.spent.tokens) / 1e6);
    expect((await ofRuns()).data).toMatchObject([
      {
        training_run_id: run.id,
        status: "completed",
        training_type: "prompt_optimization",
        spent: spent.spent,
      },
    ]);
    await setClock(context.database, "10 days 3601 seconds");
    expect((await budget()).spent).toEqual({ calls: 0, tokens: 0, cost: 0 });
    expect((await ofRuns()).data).toEqual([]);
  });

  it("lists what runs spent page by page, newest first", async () => {
    const { optimise, putIntoService, addExamples, ofRuns, budget, ask } = await open();
    await putIntoService(AGENT);
    await addExamples(20);
    const runs = [];
    for (const calls of [60, 90]) runs.unshift(await optimise({ budget_calls: calls }));
    const first = await ofRuns("?limit=1");
    const second = await ofRuns(`?limit=1&cursor=${first.next_cursor}`);
    const listed = [...first.data, ...second.data];
    expect(listed.map(({ training_run_id: id }) => id)).toEqual(runs.map(({ id }) => id));
    expect(second.next_cursor).toBeNull();
    expect(listed.reduce((sum, { spent }) => sum + spent.calls, 0)).toBe((await budget()).spent.calls);
    expect(await ask("GET", "/budget/runs?cursor=x")).toMatchObject({ status: 400 });
  });

  it.each([
    ["calls", { max_calls: 40, max_tokens: null }],
    ["tokens", { max_tokens: 3_000, max_calls: null }],
    ["cost", { max_cost: 0.005, max_calls: null, max_tokens: null }],
  ])("stops a run where the budget in %s ends, and keeps the agent as it was", async (counts, limits) => {
    const {
      set,
      start,
      run: carryOut,
      read,
      putIntoService,
      addExamples,
      budget,
      call,
      model,
    } = await open({
      input: 2,
      output: 10,
    });
    const base = await putIntoService(AGENT);
    await addExamples(20);
    const { body } = await start({ budget_calls: 150 });
    await set(limits);
    await carryOut(body.id);
    const run = await read(body.id);
    expect(run).toMatchObject({ status: "completed", candidate_version_id: null });
    expect(run.metrics).toMatchObject({ outcome: "seed_kept", spent: { calls: model.requests.length } });
    const reasons = (run.metrics["reasons"] as string[]).join(" ");
    expect(reasons).toMatch(
      new RegExp(`The organization's budget of \\S+ ${counts} in 30 days is spent. The run stopped`),
    );
    const { spent } = await budget();
    // The limit on calls is exact, the others are not passed by more than the calls that were under way.
    expect(spent.calls).toBeLessThanOrEqual(limits.max_calls ?? Infinity);
    expect(spent.calls).toBeGreaterThanOrEqual(limits.max_calls ?? 1);
    expect(spent.tokens).toBeLessThanOrEqual(limits.max_tokens ?? Infinity);
    expect(await call("GET", "/agents/my-agent/serving")).toMatchObject({ default_version_id: base });
  });

  it("holds a run that is going on to a limit that is lowered meanwhile", async () => {
    const { set, start, run, read, putIntoService, addExamples, model } = await open();
    await putIntoService(AGENT);
    await addExamples(20);
    await set({ max_calls: 2_000 });
    const { body } = await start({ budget_calls: 1_000 });
    const answer = model.generate.bind(model);
    let asked = 0;
    model.generate = async (request) => {
      asked += 1;
      if (asked === 30) await set({ max_calls: 10 });
      return answer(request);
    };
    await run(body.id);
    expect((await read(body.id)).metrics).toMatchObject({ outcome: "seed_kept" });
    expect(asked).toBeLessThan(100);
  });
});
