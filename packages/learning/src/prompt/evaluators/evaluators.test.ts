import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Evaluation, Evaluator } from "./evaluator.ts";
import { evaluateSafely } from "./evaluator.ts";
import { exact } from "./exact.ts";
import { jsonFields } from "./json-fields.ts";
import { normalised } from "./normalised.ts";
import { numeric } from "./numeric.ts";
import { regex } from "./regex.ts";

async function run(evaluator: Evaluator, output: string, expected: string): Promise<Evaluation> {
  return await evaluateSafely(evaluator, { input: "question", output, expected });
}

describe("exact", () => {
  test.each([
    ["yes", "yes", 1],
    ["yes\n", "yes", 1],
    ["Yes", "yes", 0],
    ["", "yes", 0],
  ])("%j against %j is %d", async (output, expected, score) => {
    expect((await run(exact, output, expected)).score).toBe(score);
  });

  test("says what was expected", async () => {
    expect((await run(exact, "b", "a")).feedback).toBe('Expected exactly "a", got "b".');
  });
});

describe("normalised", () => {
  test.each([
    ['"Card Arrival."', "card arrival", 1],
    ["  CARD\n arrival ", "card arrival", 1],
    ["card_arrival", "card arrival", 0],
    ["!!!", "!!!", 1],
    ["", ".", 0],
  ])("%j against %j is %d", async (output, expected, score) => {
    expect((await run(normalised, output, expected)).score).toBe(score);
  });
});

describe("numeric", () => {
  test.each([
    ["The total is 1,234.50 euros", "1234.5", {}, 1],
    ["0.30000000000000004", "0.3", {}, 1],
    ["first 3, then 4", "4", {}, 1],
    ["-5", "5", {}, 0],
    ["−5", "-5", {}, 1],
    ["1e3", "1000", {}, 1],
    ["101", "100", { absolute: 1 }, 1],
    ["101.5", "100", { absolute: 1 }, 0],
    ["101.5", "100", { relative: 0.02 }, 1],
    [".5", "0.5", {}, 1],
    ["none", "1", {}, 0],
    ["1", "none", {}, 0],
  ])("%j against %j with %j is %d", async (output, expected, tolerance, score) => {
    expect((await run(numeric(tolerance), output, expected)).score).toBe(score);
  });

  test("refuses a negative tolerance", () => {
    expect(() => numeric({ absolute: -1 })).toThrow(RangeError);
  });

  test("a number is within tolerance of itself, however written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
        expect((await run(numeric(), `Answer: ${value}`, String(value))).score).toBe(1);
      }),
    );
  });
});

describe("regex", () => {
  test("scores a match and reports the format", async () => {
    const evaluator = regex({ pattern: "^[A-Z]{3}-\\d+$" });
    expect(await run(evaluator, "ABC-12", "")).toMatchObject({ score: 1, objectives: { format: 1 } });
    expect(await run(evaluator, "ABC12", "")).toMatchObject({ score: 0, objectives: { format: 0 } });
  });

  test("a group named answer is compared with the expected text", async () => {
    const evaluator = regex({ pattern: "answer: (?<answer>.+)$", flags: "iu" });
    expect((await run(evaluator, "Thinking… Answer: Card Arrival", "card arrival")).score).toBe(1);
    expect(await run(evaluator, "Answer: refund", "card arrival")).toMatchObject({
      score: 0,
      objectives: { format: 1 },
    });
  });

  test("a pattern that backtracks without end is stopped and stays stopped", async () => {
    const evaluator = regex({ pattern: "^(a+)+$" });
    const started = performance.now();
    const hostile = `${"a".repeat(60)}b`;
    expect((await run(evaluator, hostile, "")).feedback).toContain("takes too long");
    expect((await run(evaluator, "aaa", "")).feedback).toContain("takes too long");
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("refuses bad patterns", () => {
    expect(() => regex({ pattern: "(" })).toThrow(SyntaxError);
    expect(() => regex({ pattern: "a".repeat(501) })).toThrow(RangeError);
    expect(() => regex({ pattern: "a", flags: "g" })).toThrow("Flags");
  });
});

describe("jsonFields", () => {
  const expected = JSON.stringify({ name: "Ann", address: { city: "Bonn" }, tags: [1, 2] });

  test("scores the share of fields that are right", async () => {
    const output = '```json\n{"name": "ann ", "address": {"city": "Köln"}, "tags": [1, 2]}\n```';
    expect(await run(jsonFields(), output, expected)).toEqual({
      score: expect.closeTo(2 / 3, 12) as number,
      feedback: 'address.city: expected "Bonn", got "Köln".',
      objectives: { accuracy: 0, format: 1, "field:name": 1, "field:address.city": 0, "field:tags": 1 },
    });
  });

  test("weights and a choice of fields", async () => {
    const output = '{"name": "Bob", "address": {"city": "Bonn"}}';
    const evaluator = jsonFields({ fields: ["name", "address.city"], weights: { "address.city": 3 } });
    expect((await run(evaluator, output, expected)).score).toBe(0.75);
  });

  test("finds the JSON between sentences; what is none scores 0", async () => {
    expect((await run(jsonFields(), `Sure! ${expected} Anything else?`, expected)).score).toBe(1);
    expect(await run(jsonFields(), "no JSON here", expected)).toMatchObject({
      score: 0,
      objectives: { format: 0 },
    });
    expect((await run(jsonFields(), "{}", "not JSON")).feedback).toContain("expected text");
  });

  test("any JSON is right against itself", async () => {
    await fc.assert(
      fc.asyncProperty(fc.object({ maxDepth: 2 }), async (value) => {
        const text = JSON.stringify(value);
        expect((await run(jsonFields(), text, text)).score).toBe(1);
      }),
    );
  });
});

describe("evaluateSafely", () => {
  test("somebody else's function cannot break a run", async () => {
    const broken: Evaluator = () => {
      throw new Error("no network");
    };
    expect(await run(broken, "", "")).toMatchObject({
      score: 0,
      feedback: "The evaluator failed: no network",
    });
    const notANumber: Evaluator = () => ({ score: Number.NaN, feedback: "", objectives: {} });
    expect((await run(notANumber, "", "")).score).toBe(0);
    const tooGood: Evaluator = async () => ({ score: 7, feedback: "", objectives: { a: -1, b: Number.NaN } });
    expect(await run(tooGood, "", "")).toEqual({ score: 1, feedback: "", objectives: { a: 0 } });
  });

  test("an abort is not a bad score", async () => {
    const controller = new AbortController();
    const evaluator: Evaluator = () => {
      controller.abort(new Error("stop"));
      throw new Error("interrupted");
    };
    const attempt = evaluateSafely(evaluator, {
      input: "",
      output: "",
      expected: "",
      signal: controller.signal,
    });
    await expect(attempt).rejects.toThrow("stop");
  });
});
