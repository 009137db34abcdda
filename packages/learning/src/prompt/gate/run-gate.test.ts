import { describe, expect, test } from "vitest";
import { MESSAGES } from "../../testing/messages.ts";
import { imitatingModel, scriptedModel } from "../../testing/scripted-model.ts";
import type { Candidate } from "../candidate.ts";
import type { CachedEvaluation } from "../evaluation-cache.ts";
import { exact } from "../evaluators/exact.ts";
import { BudgetExhausted, Ledger } from "../ledger.ts";
import { runGate, type RunGateOptions } from "./run-gate.ts";

const demonstrate = (from: number, to: number): Candidate["demonstrations"] =>
  MESSAGES.slice(from, to).map((row) => ({ input: row.input, output: row.expected, exampleId: row.id }));
const seed: Candidate = {
  runtime: "demonstrations",
  components: {},
  demonstrations: demonstrate(0, 2),
  parameters: {},
};
const better: Candidate = { ...seed, demonstrations: demonstrate(0, 20) };
const worse: Candidate = { ...seed, demonstrations: [{ input: "the", output: "nonsense" }] };
const rows = MESSAGES.slice(20);

const run = (more: Partial<RunGateOptions> = {}): ReturnType<typeof runGate> =>
  runGate({ seed, finalists: [better], rows, evaluator: exact, ledger: new Ledger(), ...more });

describe("runGate", () => {
  test("promotes what is better on rows that nobody saw", async () => {
    const { best, setAside } = await run();
    expect(best?.verdict).toBe("promote");
    expect(best?.comparison.rows).toBe(20);
    expect(best?.rows).toHaveLength(20);
    expect(best?.rows[0]).toMatchObject({ rowId: rows[0]!.id, expected: rows[0]!.expected });
    expect(best?.changedShare).toBeGreaterThan(0.3);
    expect(setAside).toBe(0);
  });

  test("rows that are demonstrations, training rows or repeated are set aside", async () => {
    const { best, setAside } = await run({
      rows: [...MESSAGES, { ...rows[0]!, id: "again" }],
      training: [rows[5]!],
    });
    expect(setAside).toBe(20 + 1 + 1);
    expect(best?.rows.map((row) => row.rowId)).not.toContain(rows[5]!.id);
  });

  test("decides on each finalist and names the best", async () => {
    const { best, reports } = await run({ finalists: [worse, better] });
    expect(reports.map((report) => report.verdict)).toEqual(["reject", "promote"]);
    expect(best).toBe(reports[1]);
  });

  test("Holm: the strongest at level / m, the next at level / (m − 1)", async () => {
    const also: Candidate = { ...better, parameters: { neighbours: 5 } };
    const { reports } = await run({ finalists: [better, also] });
    const levels = reports.map((report) => report.proof.level).sort((one, other) => one - other);
    expect(levels[1]! / levels[0]!).toBeCloseTo(2, 10);
    const unproven = await run({ finalists: [worse, worse] });
    expect(new Set(unproven.reports.map((report) => report.proof.level)).size).toBe(1);
  });

  test("a pinned example that the candidate gets wrong rejects it; one that it demonstrates passes", async () => {
    const wrong = { id: "pin", input: "the", expected: "something else" };
    const failing = await run({ pinnedRows: [wrong] });
    expect(failing.best?.verdict).toBe("reject");
    expect(failing.best?.reasons[0]).toContain("pin");
    expect((await run({ pinnedRows: [MESSAGES[3]!] })).best?.verdict).toBe("promote");
  });

  test("no finalist, no verdict", async () => {
    expect(await run({ finalists: [] })).toMatchObject({ best: undefined, reports: [] });
  });

  test("the same candidate is never promoted", async () => {
    const { best } = await run({ finalists: [structuredClone(seed)] });
    expect(best?.verdict).toBe("reject");
    expect(best?.changedShare).toBe(0);
  });

  describe("with a model", () => {
    const asModel = (candidate: Candidate): Candidate => ({ ...candidate, runtime: "model" });
    const options = { seed: asModel(seed), finalists: [asModel(better)] };

    test("counts its calls and stops at the budget before a side is half answered", async () => {
      const ledger = new Ledger();
      const { best } = await run({ ...options, model: imitatingModel(), ledger });
      expect(best?.verdict).toBe("promote");
      expect(ledger.totals("task").calls).toBe(40);
      const model = imitatingModel();
      await expect(run({ ...options, model, ledger: new Ledger({ calls: 30 }) })).rejects.toThrow(
        BudgetExhausted,
      );
      expect(model.requests).toHaveLength(20);
    });

    test("resumes from the answers that it reported", async () => {
      let stored: CachedEvaluation[] = [];
      const seen: number[] = [];
      const first = new Ledger();
      const whole = await run({
        ...options,
        model: imitatingModel(),
        ledger: first,
        onProgress: ({ done, total, answers }) => {
          seen.push(done / total);
          if (done === 25) stored = JSON.parse(JSON.stringify(answers())) as CachedEvaluation[];
        },
      });
      expect(seen.at(-1)).toBe(1);
      const model = imitatingModel();
      const second = new Ledger();
      const resumed = await run({ ...options, model, ledger: second, answers: stored });
      expect(resumed).toEqual(whole);
      expect(model.requests).toHaveLength(40 - stored.length);
      expect(second.toJSON()).toEqual(first.toJSON());
    });

    test("a row whose call failed is shown but not compared", async () => {
      const inner = imitatingModel();
      const model = scriptedModel(async (request, call) => {
        if (call === 7) throw new Error("overloaded");
        return (await inner.generate(request)).text;
      });
      const { best } = await run({ ...options, model, concurrency: 1 });
      expect(best?.rows).toHaveLength(20);
      expect(best?.comparison.rows).toBe(19);
      expect(best?.rows.filter((row) => row.seed.failure !== undefined)).toHaveLength(1);
    });
  });
});
