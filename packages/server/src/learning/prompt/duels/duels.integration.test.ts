import type { Problem, RunFindings, TrainingRun } from "@agent-learning/contract";
import type { GenerateRequest } from "@agent-learning/learning";
import { afterEach, expect, it } from "vitest";
import { json, withSystem } from "../../../database/index.ts";
import { newId } from "../../../new-id.ts";
import { describeEachEngine } from "../../../testing/test-database.ts";
import {
  BEGINNER,
  functionModel,
  modelProvider,
  openBench,
  type PromptBench,
} from "../prompt-actions.testing.ts";

const AGENT = {
  runtime: "model",
  components: { system_prompt: "Answer the client." },
  parameters: { max_tokens: 30 },
};
const evaluator = { kind: "preferences", rubric: "The shorter answer is better." };
const LONG = "Thank you very much for your message, which we will look into with pleasure";

const shorterWins = (a: string, b: string): string => (a.length < b.length ? "A" : "B");

/** Writes long answers unless it is told or shown to be brief; proposes to be brief; judges as `prefers` says. */
function clientModel(prefers: (a: string, b: string) => string, proposal = "Answer the client. Be brief.") {
  return functionModel(({ messages }: GenerateRequest) => {
    const system = messages[0]?.content ?? "";
    if (system.startsWith("You compare")) {
      const [, a = "", b = ""] =
        /<answer_a>"(.*)"<\/answer_a>\s*<answer_b>"(.*)"<\/answer_b>/su.exec(
          messages.at(-1)?.content ?? "",
        ) ?? [];
      return JSON.stringify({ reason: "", better: a === b ? "same" : prefers(a, b) });
    }
    if (system.startsWith("You improve")) return `<instruction>${proposal}</instruction>`;
    return system.includes("brief") || messages.length > 2 ? "Done." : LONG;
  });
}

describeEachEngine("optimisation by duels", (context) => {
  let bench: PromptBench | undefined;
  afterEach(async () => bench?.server.close());

  async function open(model: ReturnType<typeof clientModel>, preferences = 150) {
    const opened = await openBench(context.database, {
      models: modelProvider(model),
      vetCandidate: async () => undefined,
    });
    bench = opened;
    const { organization, agentId } = opened;
    const rows = Array.from({ length: preferences }, (_, index) => {
      const id = newId();
      return {
        organization_id: organization.id,
        id,
        agent_id: agentId,
        example_type: "preference",
        input_context: json({}),
        input_text: `request ${index} of client ${(index * 7) % 101} about matter ${(index * 13) % 37}`,
        expected_output: `Yes, ${index}.`,
        output_a: `Yes, ${index}.`,
        output_b: `${LONG}, number ${index}`,
        preferred_output: "A",
        source_type: "import",
        group_key: `example:${id}`,
        review_status: "approved",
        reviewed_at: new Date("2026-01-01"),
        quality_score: 0.9,
      };
    });
    if (rows.length > 0)
      await withSystem(context.database.kysely, (tx) =>
        tx.insertInto("learning_examples").values(rows).execute(),
      );
    return opened;
  }

  it("chooses what people would prefer, and sends it to an A/B test, never straight on", async () => {
    const { putIntoService, optimise, call } = await open(clientModel(shorterWins));
    const base = await putIntoService(AGENT);
    const run = await optimise({ evaluator, budget_calls: 600 });
    expect(run.metrics, JSON.stringify(run.metrics).slice(0, 800)).toMatchObject({
      outcome: "send_to_experiment",
    });
    const notes = (run.metrics["notes"] as string[]).join(" ");
    expect(notes).toMatch(/The judge is usable.*duels between \d candidates/);
    const findings = await call<RunFindings>("GET", `/training-runs/by-id/${run.id}/findings`);
    expect(findings).toMatchObject({
      base_version_id: base,
      experiment: { status: "draft" },
      comparison: { losses: 0, candidate_score: 1, baseline_score: 0 },
    });
    const [row] = (
      await call<{ data: Record<string, unknown>[] }>(
        "GET",
        `/training-runs/by-id/${run.id}/rows?outcome=win`,
      )
    ).data;
    expect(row).toMatchObject({ baseline_output: LONG, candidate_output: "Done." });
    const { ledger } = run.metrics as unknown as { ledger: { totals: Record<string, { calls: number }> } };
    expect(ledger.totals["judge"]?.calls).toBeGreaterThan(80);
    expect(Object.values(ledger.totals).reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(600);
  });

  it("goes on after its worker died: asks nothing twice that was kept, and ends as if it had not", async () => {
    const model = clientModel(shorterWins);
    const { putIntoService, optimise, ask, run, read } = await open(model);
    await putIntoService(AGENT);
    const whole = await optimise({ evaluator, budget_calls: 600 });
    const asked = model.requests.length;
    const { body } = await ask<TrainingRun>("POST", "/optimize-prompt", {
      agent_id: "my-agent",
      evaluator,
      budget_calls: 600,
    });
    const stopping = new AbortController();
    const answer = model.generate.bind(model);
    const patience = 700;
    model.generate = async (request) => {
      const done = model.requests.length - asked;
      if (done === 100) stopping.abort(new Error("the worker stops"));
      // Long enough for what was asked so far to be written.
      if (done === 60) await new Promise((resolve) => setTimeout(resolve, patience));
      return answer(request);
    };
    await expect(run(body.id, stopping.signal)).rejects.toThrow(/worker stops|aborted/);
    expect(await read(body.id)).toMatchObject({ status: "running", candidate_version_id: null });
    const before = model.requests.length;
    await run(body.id);
    const resumed = await read(body.id);
    expect(resumed.metrics["outcome"]).toBe(whole.metrics["outcome"]);
    expect(resumed.metrics["notes"]).toEqual(whole.metrics["notes"]);
    expect(resumed.metrics["ledger"]).toEqual(whole.metrics["ledger"]);
    // Of some hundred that were asked before, sixty were kept at least.
    expect(model.requests.length - before).toBeLessThanOrEqual(asked - 60);
  });

  it.each<[string, (a: string, b: string) => string, RegExp]>([
    ["prefers what people did not", (a, b) => shorterWins(b, a), /cannot be believed.*too close to chance/],
    ["goes by the order", () => "A", /it decided on 0 pairs/],
    ["talks nonsense", () => "neither nor", /it decided on 0 pairs/],
  ])("keeps the seed where the judge %s", async (_what, prefers, sentence) => {
    const { putIntoService, optimise } = await open(clientModel(prefers));
    await putIntoService(AGENT);
    const run = await optimise({ evaluator, budget_calls: 600 });
    expect(run).toMatchObject({ status: "completed", candidate_version_id: null });
    expect((run.metrics["reasons"] as string[]).join(" ")).toMatch(sentence);
  });

  it("keeps the seed where no candidate is preferred, and where too little can be compared", async () => {
    const equal = functionModel(({ messages }: GenerateRequest) => {
      const system = messages[0]?.content ?? "";
      if (!system.startsWith("You compare")) return system.startsWith("You improve") ? "no idea" : "Done.";
      const [, a = "", b = ""] =
        /<answer_a>"(.*)"<\/answer_a>\s*<answer_b>"(.*)"<\/answer_b>/su.exec(
          messages.at(-1)?.content ?? "",
        ) ?? [];
      return JSON.stringify({ better: shorterWins(a, b) });
    });
    const first = await open(equal);
    await first.putIntoService(AGENT);
    const run = await first.optimise({ evaluator, budget_calls: 400 });
    expect((run.metrics["reasons"] as string[])[0]).toMatch(/duels prefer no candidate/);
    await first.server.close();
    const second = await open(clientModel(shorterWins), 30);
    await second.putIntoService(AGENT);
    const few = await second.optimise({ evaluator, budget_calls: 400 });
    expect((few.metrics["reasons"] as string[]).join(" ")).toMatch(/are too few to compare|20 are needed/);
  });

  it("is refused for an agent without a language model, and as the evaluator of a goal", async () => {
    const { putIntoService, ask } = await open(clientModel(shorterWins), 0);
    await putIntoService(BEGINNER);
    const start = (settings: Record<string, unknown>) =>
      ask<TrainingRun | Problem>("POST", "/optimize-prompt", { agent_id: "my-agent", ...settings });
    expect(await start({ evaluator })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.evaluator" }] },
    });
    const asGoal = { optimization_goals: ["clarity"], goal_evaluators: { clarity: evaluator } };
    expect(await start(asGoal)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.goal_evaluators.clarity.kind" }] },
    });
  });
});
