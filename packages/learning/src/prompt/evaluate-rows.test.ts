import { describe, expect, test } from "vitest";
import { MESSAGES } from "../testing/messages.ts";
import { imitatingModel, scriptedModel } from "../testing/scripted-model.ts";
import { type Candidate, candidateHash } from "./candidate.ts";
import { createDemonstrationsAgentCache } from "./demonstrations-agent/agent-cache.ts";
import { createRowEvaluator, type RowEvaluatorTools } from "./evaluate-rows.ts";
import { type CachedEvaluation, EvaluationCache } from "./evaluation-cache.ts";
import { EvaluatorUnavailable } from "./evaluators/evaluator.ts";
import { exact } from "./evaluators/exact.ts";
import { BudgetExhausted, Ledger } from "./ledger.ts";
import { ModelUnavailable } from "./model-unavailable.ts";

const demonstrations = MESSAGES.map((row) => ({ input: row.input, output: row.expected, exampleId: row.id }));
const local: Candidate = { runtime: "demonstrations", components: {}, demonstrations, parameters: {} };
const withModel: Candidate = {
  ...local,
  runtime: "model",
  components: { system_prompt: "Name the intent." },
};

function tools(more: Partial<RowEvaluatorTools> = {}): RowEvaluatorTools {
  return {
    evaluator: exact,
    cache: new EvaluationCache(),
    agents: createDemonstrationsAgentCache(),
    concurrency: 3,
    ...more,
  };
}

describe("with the built-in agent", () => {
  test("answers by leave-one-out, costs no call, and is not kept for a restart", async () => {
    const own = tools();
    const ledger = new Ledger({ calls: 0 });
    const evaluated = await createRowEvaluator(own)(local, MESSAGES, ledger);
    expect(evaluated.map((row) => row.rowId)).toEqual(MESSAGES.map((row) => row.id));
    const accuracy = evaluated.filter((row) => row.score === 1).length / evaluated.length;
    expect(accuracy).toBeGreaterThan(0.5);
    expect(accuracy).toBeLessThan(1);
    expect(ledger.toJSON().localAnswers).toBe(MESSAGES.length);
    expect(own.cache.toJSON()).toEqual([]);
  });

  test("without leave-one-out every demonstration knows itself", async () => {
    const evaluated = await createRowEvaluator(tools({ leaveOneOut: false }))(
      { ...local, parameters: { neighbours: 1 } },
      MESSAGES,
      new Ledger(),
    );
    expect(evaluated.every((row) => row.score === 1)).toBe(true);
  });

  test("answers each row once", async () => {
    const ledger = new Ledger();
    const evaluate = createRowEvaluator(tools());
    const first = await evaluate(local, MESSAGES.slice(0, 5), ledger);
    const again = await evaluate(local, [...MESSAGES.slice(0, 6), MESSAGES[5]!], ledger);
    expect(ledger.toJSON().localAnswers).toBe(6);
    expect(again.slice(0, 5)).toEqual(first);
    expect(again[5]).toEqual(again[6]);
  });
});

describe("with a model", () => {
  const rows = MESSAGES.slice(0, 10);

  test("counts calls and tokens, keeps the order, hides the row's own example", async () => {
    const model = imitatingModel();
    const ledger = new Ledger();
    const evaluated = await createRowEvaluator(tools({ model }))(withModel, rows, ledger);
    expect(evaluated.map((row) => row.rowId)).toEqual(rows.map((row) => row.id));
    expect(model.requests).toHaveLength(10);
    const prompts = evaluated.reduce((sum, row) => sum + row.usage.promptTokens, 0);
    expect(ledger.totals("task")).toMatchObject({ calls: 10, failedCalls: 0, promptTokens: prompts });
    expect(ledger.totals("task").cost).toBeCloseTo(0.01, 10);
    for (const { messages } of model.requests) {
      const contents = messages.map((message) => message.content);
      expect(contents.slice(0, -1)).not.toContain(contents.at(-1));
    }
  });

  test("passes the candidate's parameters and says what requests share", async () => {
    const model = scriptedModel(() => "x");
    const candidate = { ...withModel, parameters: { temperature: 0.5, max_tokens: 9, stop: ["\n"] } };
    await createRowEvaluator(tools({ model }))(candidate, rows.slice(0, 2), new Ledger());
    expect(model.requests[0]).toMatchObject({
      temperature: 0.5,
      maxTokens: 9,
      stop: ["\n"],
      batch: {
        id: candidateHash(candidate),
        size: 2,
        sharedMessages: model.requests[0]!.messages.length - 1,
      },
    });
  });

  test("a block that does not fit the budget makes no call and leaves the room free", async () => {
    const model = imitatingModel();
    const ledger = new Ledger({ calls: 9 });
    const evaluate = createRowEvaluator(tools({ model }));
    await expect(evaluate(withModel, rows, ledger)).rejects.toThrow(BudgetExhausted);
    expect(model.requests).toHaveLength(0);
    expect(ledger.remainingCalls()).toBe(9);
    await evaluate(withModel, rows.slice(0, 9), ledger);
    expect(ledger.remainingCalls()).toBe(0);
    // What is in the cache needs no budget.
    expect(await evaluate(withModel, rows.slice(0, 9), ledger)).toHaveLength(9);
  });

  test("a restored cache answers without calls and counts the same", async () => {
    const first = new Ledger();
    const own = tools({ model: imitatingModel() });
    const evaluated = await createRowEvaluator(own)(withModel, rows, first);
    const stored = JSON.parse(JSON.stringify(own.cache)) as CachedEvaluation[];

    const model = imitatingModel();
    const second = new Ledger();
    const evaluate = createRowEvaluator(tools({ model, cache: EvaluationCache.restore(stored) }));
    expect(await evaluate(withModel, rows, second)).toEqual(evaluated);
    expect(await evaluate(withModel, rows, second)).toEqual(evaluated);
    expect(model.requests).toHaveLength(0);
    expect(second.toJSON()).toEqual(first.toJSON());
  });

  test("a failed call costs one row and is asked again next time", async () => {
    const model = scriptedModel((_request, call) => {
      if (call === 2) throw new Error("overloaded");
      return "x";
    });
    const ledger = new Ledger();
    const evaluate = createRowEvaluator(tools({ model, concurrency: 1 }));
    const evaluated = await evaluate(withModel, rows.slice(0, 3), ledger);
    expect(evaluated.map((row) => row.failure)).toEqual([undefined, "overloaded", undefined]);
    expect(ledger.totals("task")).toMatchObject({ calls: 3, failedCalls: 1 });
    const again = await evaluate(withModel, rows.slice(0, 3), ledger);
    expect(again[1]?.failure).toBeUndefined();
    expect(model.requests).toHaveLength(4);
  });

  test("an endpoint that is gone ends it after five failures in a row", async () => {
    const model = scriptedModel(() => {
      throw new Error("connection refused");
    });
    const ledger = new Ledger();
    const attempt = createRowEvaluator(tools({ model, concurrency: 1 }))(withModel, rows, ledger);
    await expect(attempt).rejects.toThrow("The model failed 5 times in a row: connection refused");
    await expect(attempt).rejects.toSatisfy((error) => ModelUnavailable.isInstance(error));
    expect(model.requests).toHaveLength(5);
    expect(ledger.totals("task")).toMatchObject({ calls: 5, failedCalls: 5 });
  });

  test("an abort stops the calls and gives back what was not used", async () => {
    const controller = new AbortController();
    const model = scriptedModel((_request, call) => {
      if (call === 3) controller.abort(new Error("cancelled"));
      return "x";
    });
    const ledger = new Ledger();
    const evaluate = createRowEvaluator(tools({ model, concurrency: 1, signal: controller.signal }));
    await expect(evaluate(withModel, rows, ledger)).rejects.toThrow("cancelled");
    expect(ledger.total().calls).toBeLessThanOrEqual(4);
  });

  test("progress is reported row by row", async () => {
    const seen: number[] = [];
    const evaluate = createRowEvaluator(
      tools({ model: imitatingModel(), onRow: ({ done, total }) => seen.push(done / total) }),
    );
    await evaluate(withModel, rows, new Ledger());
    expect(seen).toHaveLength(10);
    expect(seen.at(-1)).toBe(1);
  });

  test("a candidate for a model needs a model", async () => {
    const attempt = createRowEvaluator(tools())(withModel, rows, new Ledger());
    await expect(attempt).rejects.toThrow("needs a language model");
  });
});

describe("an evaluator that cannot be asked", () => {
  test("leaves its rows out, unscored and uncached; five in a row end the run", async () => {
    let asked = 0;
    const own = tools({
      concurrency: 1,
      evaluator: (input) => {
        asked += 1;
        if (asked % 3 === 0) throw new EvaluatorUnavailable("the scorer is away");
        return exact(input);
      },
    });
    const evaluated = await createRowEvaluator(own)(local, MESSAGES.slice(0, 6), new Ledger());
    expect(evaluated.map((row) => row.failure)).toEqual([
      undefined,
      undefined,
      "the scorer is away",
      undefined,
      undefined,
      "the scorer is away",
    ]);
    expect(own.cache.has(candidateHash(local), MESSAGES[2]!.id)).toBe(false);
    const away = tools({
      model: scriptedModel(() => "x"),
      evaluator: () => {
        throw new EvaluatorUnavailable("the scorer is away");
      },
    });
    const ledger = new Ledger();
    await expect(createRowEvaluator(away)(withModel, MESSAGES.slice(0, 9), ledger)).rejects.toThrow(
      "The evaluator failed 5 times in a row: the scorer is away",
    );
    expect(ledger.totals("task").failedCalls).toBe(0);
  });

  test("a model that may not be asked any more is a spent budget, not a failure", async () => {
    const model = scriptedModel(() => Promise.reject(new BudgetExhausted("calls", 3)));
    const run = createRowEvaluator(tools({ model }))(withModel, MESSAGES.slice(0, 9), new Ledger());
    await expect(run).rejects.toThrow(BudgetExhausted);
  });
});
