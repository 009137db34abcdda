import { describe, expect, test } from "vitest";
import { drain } from "../../testing/drain.ts";
import { MESSAGES } from "../../testing/messages.ts";
import { imitatingModel, scriptedModel } from "../../testing/scripted-model.ts";
import { type Candidate, candidateHash } from "../candidate.ts";
import { exact } from "../evaluators/exact.ts";
import type { Row } from "../rows.ts";
import type { OptimizationResult } from "./optimization-result.ts";
import { type OptimizationSnapshot, optimizePrompt, type OptimizePromptOptions } from "./optimize-prompt.ts";

const routerSeed: Candidate = {
  runtime: "demonstrations",
  components: {},
  demonstrations: MESSAGES.slice(0, 5).map((row) => ({ input: row.input, output: row.expected })),
  parameters: {},
};
const modelSeed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name the intent of the message." },
  demonstrations: [],
  parameters: {},
};
const training = MESSAGES.slice(5);

async function optimize(options: OptimizePromptOptions): Promise<OptimizationResult> {
  return (await drain(optimizePrompt(options).run())).result;
}

const THINK = "<instruction>First think about the message, then name its intent.</instruction>";

describe("with the built-in agent", () => {
  test("learns from approved corrections without a model", async () => {
    const { steps, result } = await drain(
      optimizePrompt({ seed: routerSeed, training, evaluator: exact }).run(),
    );
    expect(result.seedKept).toBe(false);
    expect(result.best.demonstrations).toHaveLength(40);
    expect(result.finalists[0]?.hash).toBe(result.bestHash);
    const seed = result.trials.find((trial) => trial.hash === result.seedHash);
    expect(result.trials[0]!.score).toBeGreaterThan(seed!.score + 0.2);
    expect(result.stoppedBecause).toEqual({
      demonstration_search: "finished",
      reflective_evolution: "not_applicable",
      playbook_rules: "not_applicable",
      joint_search: "not_applicable",
    });
    expect(result.ledger.totals.task.calls).toBe(0);
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.every((step) => step.share > 0 && step.share <= 1)).toBe(true);
  });

  test("the same seed gives the same result, another one may not", async () => {
    const options = { seed: routerSeed, training, evaluator: exact, randomSeed: "a" };
    expect(await optimize(options)).toEqual(await optimize(options));
    const other = await optimize({ ...options, randomSeed: "b" });
    expect(other.trials.map((trial) => trial.hash)).not.toEqual(
      (await optimize(options)).trials.map((trial) => trial.hash),
    );
  });

  test("an approved correction replaces the seed's wrong demonstration", async () => {
    const wrong = MESSAGES[7]!;
    const seed = {
      ...routerSeed,
      demonstrations: [{ input: wrong.input.toUpperCase(), output: "nonsense" }],
    };
    const { best } = await optimize({ seed, training, evaluator: exact });
    expect(best.demonstrations.map((demonstration) => demonstration.output)).not.toContain("nonsense");
  });
});

describe("with a model", () => {
  const options = (more: Partial<OptimizePromptOptions> = {}): OptimizePromptOptions => ({
    seed: modelSeed,
    training,
    evaluator: exact,
    model: imitatingModel(),
    budget: { calls: 600 },
    ...more,
  });

  test("finds how many demonstrations to show, within the budget of calls and tokens", async () => {
    const model = imitatingModel();
    const result = await optimize(options({ model, maximumPromptTokens: 500 }));
    expect(result.seedKept).toBe(false);
    expect(result.best.demonstrations.length).toBeGreaterThanOrEqual(8);
    expect(model.requests.length).toBe(result.ledger.totals.task.calls);
    expect(model.requests.length).toBeLessThanOrEqual(600);
    for (const trial of result.trials) expect(trial.promptTokens).toBeLessThanOrEqual(550);
  });

  test("where prompts are dear, inputs share what they are shown and no instruction is written", async () => {
    const model = { ...imitatingModel(), prefill: "dear" as const };
    const proposer = scriptedModel(() => THINK);
    const result = await optimize(options({ model, proposer, budget: { calls: 240 } }));
    expect(result.seedKept).toBe(false);
    expect(proposer.requests).toHaveLength(0);
    expect(result.trials.map((trial) => trial.selection)).not.toContain("nearest");
    expect(result.stoppedBecause).toMatchObject({
      reflective_evolution: "not_applicable",
      playbook_rules: "not_applicable",
      joint_search: "not_applicable",
    });
    for (const trial of result.trials) expect(trial.promptTokens).toBeLessThanOrEqual(1_550);
  });

  test("a proposer that finds a better instruction is heard", async () => {
    const proposer = scriptedModel(() => THINK);
    const result = await optimize(options({ proposer, maximumPromptTokens: 200 }));
    expect(result.trials.some((trial) => trial.selection === "instruction")).toBe(true);
    expect(result.ledger.totals.proposer.calls).toBe(proposer.requests.length);
    expect(result.notes.join(" ")).toContain("instruction proposals");
  });

  test.each([
    ["malformed", "I think it is fine."],
    ["unchanged", `<instruction>${modelSeed.components["system_prompt"]}</instruction>`],
    ["too long", `<instruction>${"very ".repeat(2000)}</instruction>`],
    [
      "copied from the examples",
      `<instruction>Say ${training.map((row) => row.input).join(" ")}</instruction>`,
    ],
  ])("a proposal that is %s costs a proposal, never the run", async (_name, answer) => {
    const proposer = scriptedModel(() => answer);
    const result = await optimize(options({ proposer, budget: { calls: 1200 } }));
    expect(result.stoppedBecause["reflective_evolution"]).toBe("no_progress");
    expect(result.notes).toContain(
      "Of 6 instruction proposals, 6 could not be used and 0 beat their parent.",
    );
    expect(proposer.requests).toHaveLength(result.ledger.totals.proposer.calls);
    expect(result.seedKept).toBe(false);
  });

  test("a proposer whose endpoint fails does not end the run", async () => {
    const proposer = scriptedModel(() => {
      throw new Error("503");
    });
    const result = await optimize(options({ proposer }));
    expect(result.seedKept).toBe(false);
    const { calls, failedCalls } = result.ledger.totals.proposer;
    expect(failedCalls).toBe(calls);
    expect(calls).toBeGreaterThan(0);
  });

  test("literals of the instruction survive every proposal", async () => {
    const seed = { ...modelSeed, components: { system_prompt: "Name the intent as {{format}}." } };
    const proposer = scriptedModel(() => THINK);
    const result = await optimize(options({ seed, proposer }));
    expect(result.trials.some((trial) => trial.selection === "instruction")).toBe(false);
    expect(result.best.components["system_prompt"]).toContain("{{format}}");
  });

  test("kill and resume ends at the same result, wherever it was killed", async () => {
    const run = (
      snapshot?: OptimizationSnapshot,
    ): { run: ReturnType<typeof optimizePrompt>; calls: () => number } => {
      const model = imitatingModel();
      const proposer = scriptedModel(() => THINK);
      return {
        run: optimizePrompt(options({ model, proposer, snapshot, budget: { calls: 300 } })),
        calls: () => model.requests.length + proposer.requests.length,
      };
    };
    const whole = run();
    const { steps, result } = await drain(whole.run.run());
    for (const share of [0, 0.3, 0.7, 1]) {
      const killed = run();
      const generator = killed.run.run();
      for (let step = 0; step < Math.floor(share * steps.length); step += 1) await generator.next();
      const snapshot = JSON.parse(JSON.stringify(killed.run.snapshot())) as OptimizationSnapshot;

      const resumed = run(snapshot);
      const { result: after } = await drain(resumed.run.run());
      expect(after).toEqual(result);
      expect(killed.calls() + resumed.calls()).toBe(whole.calls());
    }
  });

  test("is deterministic although answers come back in any order", async () => {
    const model = (): ReturnType<typeof imitatingModel> => {
      const inner = imitatingModel();
      const slow = scriptedModel(async (request) => (await inner.generate(request)).text, { delay: 1 });
      return slow;
    };
    const once = (concurrency: number): Promise<OptimizationResult> =>
      optimize(options({ model: model(), concurrency, budget: { calls: 120 } }));
    expect(await once(5)).toEqual(await once(1));
  });

  test("an abort ends it with the reason of the abort", async () => {
    const controller = new AbortController();
    const model = scriptedModel((_request, call) => {
      if (call === 30) controller.abort(new Error("cancelled by a person"));
      return "payroll";
    });
    await expect(optimize(options({ model, signal: controller.signal }))).rejects.toThrow(
      "cancelled by a person",
    );
    expect(model.requests.length).toBeLessThan(40);
  });
});

describe("bad input ends with the seed and a reason", () => {
  const seedOf = async (more: Partial<OptimizePromptOptions>): Promise<OptimizationResult> => {
    const result = await optimize({
      seed: modelSeed,
      training,
      evaluator: exact,
      model: imitatingModel(),
      budget: { calls: 300 },
      ...more,
    });
    expect(result.seedKept).toBe(true);
    expect(result.bestHash).toBe(candidateHash(more.seed ?? modelSeed));
    expect(result.finalists).toEqual([]);
    return result;
  };

  test("no example", async () => {
    const result = await seedOf({ training: [] });
    expect(result.notes).toContain("There is no approved example to learn from.");
    await seedOf({ seed: routerSeed, training: [] });
  });

  test("a metric that always says the same", async () => {
    const evaluator = (): { score: number; feedback: string; objectives: Record<string, number> } => ({
      score: 0.5,
      feedback: "",
      objectives: {},
    });
    for (const seed of [modelSeed, routerSeed]) {
      const result = await seedOf({ seed, evaluator });
      expect(result.stoppedBecause["demonstration_search"]).toBe("metric_constant");
      expect(result.notes.join(" ")).toContain("cannot tell candidates apart");
    }
  });

  test("a budget too small to decide", async () => {
    for (const calls of [0, 10, 60]) {
      const result = await seedOf({ budget: { calls } });
      expect(result.stoppedBecause["demonstration_search"]).toBe("budget");
      expect(result.ledger.totals.task.calls).toBeLessThanOrEqual(calls);
    }
  });

  test("a budget of tokens that is too small", async () => {
    const result = await seedOf({ budget: { tokens: 500 } });
    expect(result.stoppedBecause["demonstration_search"]).toBe("budget");
  });

  test("an endpoint that is gone", async () => {
    const model = scriptedModel(() => {
      throw new Error("connection refused");
    });
    const result = await seedOf({ model });
    expect(result.notes.join(" ")).toContain("connection refused");
    expect(model.requests.length).toBeLessThanOrEqual(8);
  });

  test("an endpoint that answers nonsense", async () => {
    const result = await seedOf({ model: scriptedModel(() => "\u0000�{{{") });
    expect(result.stoppedBecause["demonstration_search"]).toBe("metric_constant");
  });

  test("an evaluator that throws", async () => {
    const result = await seedOf({
      evaluator: () => {
        throw new Error("no");
      },
    });
    expect(result.stoppedBecause["demonstration_search"]).toBe("metric_constant");
  });

  test("contradictory examples are resolved and reported", async () => {
    const contradiction: Row[] = [
      { id: "x1", input: "Where is my card", expected: "a" },
      { id: "x2", input: "where is my card", expected: "b" },
    ];
    const { contradictions } = await optimize({
      seed: routerSeed,
      training: [...training, ...contradiction],
      evaluator: exact,
    });
    expect(contradictions).toEqual([{ input: "where is my card", outputs: ["a", "b"], kept: "b" }]);
  });

  test("a seed for a model without a model is the caller's mistake", () => {
    expect(() => optimizePrompt({ seed: modelSeed, training, evaluator: exact })).toThrow("language model");
  });
});
