import { SeededRandom } from "@agent-learning/statistics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "../candidate.ts";
import { gate, type GateInput, type GateVerdict } from "./gate.ts";
import type { PairedScore } from "./paired-comparison.ts";

const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name the intent of the message as {{format}}." },
  demonstrations: [],
  parameters: { output_schema: { type: "string" } },
};
const changed: Candidate = {
  ...seed,
  components: { system_prompt: "Read the message, then name its intent as {{format}}." },
};

function scores(wins: number, losses: number, ties: number): PairedScore[] {
  return Array.from({ length: wins + losses + ties }, (_, index) => ({
    rowId: String(index),
    seed: index < wins ? 0 : 1,
    candidate: index >= wins && index < wins + losses ? 0 : 1,
  }));
}

const decide = (more: Partial<GateInput>): ReturnType<typeof gate> =>
  gate({ seed, candidate: changed, scores: scores(0, 0, 0), ...more });

const RANK: Record<GateVerdict, number> = { reject: 0, send_to_experiment: 1, promote: 2 };

describe("the verdict", () => {
  test.each<[string, number, number, number, GateVerdict]>([
    ["clearly better", 30, 5, 165, "promote"],
    ["better, not provably", 8, 4, 88, "send_to_experiment"],
    ["equal", 6, 6, 100, "reject"],
    ["the same on every row", 0, 0, 300, "reject"],
    ["worse", 4, 9, 100, "reject"],
    ["no rows", 0, 0, 0, "reject"],
  ])("%s: %d wins, %d losses, %d ties → %s", (_name, wins, losses, ties, verdict) => {
    const report = decide({ scores: scores(wins, losses, ties) });
    expect(report.verdict).toBe(verdict);
    expect(report.reasons.length).toBeGreaterThan(0);
    for (const reason of report.reasons) expect(reason).toMatch(/\.$/u);
  });

  test("reasons carry the numbers", () => {
    const report = decide({ scores: scores(30, 5, 165) });
    expect(report.reasons.join(" ")).toContain("30 better, 5 worse");
    expect(report.reasons.join(" ")).toContain("McNemar");
    const few = decide({ scores: scores(3, 1, 40) });
    expect(few.reasons.join(" ")).toContain("With 44 rows only large gains are provable");
  });

  test("p is the exact one-sided binomial tail", () => {
    // 9 wins of 10: (10 + 1) / 1024.
    const { proof } = decide({ scores: scores(9, 1, 50) });
    expect(proof).toMatchObject({ test: "mcnemar", proven: true });
    expect(proof.pValue).toBeCloseTo(11 / 1024, 12);
  });

  test("later attempts on the same split, and more finalists, need more", () => {
    const rows = scores(12, 3, 100); // p = .0176
    const verdict = (attempt: number, comparisons = 1): GateVerdict =>
      decide({ scores: rows, attempt, comparisons }).verdict;
    expect(decide({ scores: rows }).proof.level).toBeCloseTo((6 * 0.05) / Math.PI ** 2, 12);
    expect(verdict(1)).toBe("promote");
    expect(verdict(2)).toBe("send_to_experiment");
    expect(verdict(1, 2)).toBe("send_to_experiment");
  });

  test("a win in place of a tie or a loss never lowers the verdict", () => {
    const count = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 5 }), (wins, losses, ties, attempt) => {
        const rank = (w: number, l: number, t: number): number =>
          RANK[decide({ scores: scores(w, l, t), attempt }).verdict];
        const before = rank(wins, losses, ties);
        expect(rank(wins + 1, losses, Math.max(0, ties - 1))).toBeGreaterThanOrEqual(before);
        const fewer = Math.max(0, losses - 1);
        expect(rank(wins + 1, fewer, ties)).toBeGreaterThanOrEqual(before);
        expect(rank(wins, fewer, ties + losses - fewer)).toBeGreaterThanOrEqual(before);
        expect(
          RANK[decide({ scores: scores(wins, losses, ties), attempt: attempt + 1 }).verdict],
        ).toBeLessThanOrEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe("error rates", () => {
  test("a candidate that is no better is promoted in at most 5 % of 4,000 draws, over ten attempts on one split too", () => {
    const random = new SeededRandom("null");
    let single = 0;
    let series = 0;
    for (let draw = 0; draw < 4000; draw += 1) {
      let promoted = false;
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        let wins = 0;
        let losses = 0;
        for (let row = 0; row < 60; row += 1) {
          const u = random.uniform();
          if (u < 0.15) wins += 1;
          else if (u < 0.3) losses += 1;
        }
        const proof = promotes(wins, losses, attempt);
        if (proof && attempt === 1) single += 1;
        promoted ||= proof;
      }
      if (promoted) series += 1;
    }
    expect(single / 4000).toBeLessThan(0.05);
    expect(series / 4000).toBeLessThan(0.05);
  });

  test("graded scores: few differing rows are not taken for proof", () => {
    const rows = (moving: number): PairedScore[] =>
      Array.from({ length: 100 }, (_, index) => ({
        rowId: String(index),
        seed: 0.5,
        candidate: index < moving ? 0.75 : 0.5,
      }));
    // The bootstrap's lower bound is above 0 with four rows already; by signs alone p = 1/16.
    expect(decide({ scores: rows(4) }).verdict).toBe("send_to_experiment");
    const proven = decide({ scores: rows(12) });
    expect(proven.verdict).toBe("promote");
    expect(proven.proof).toMatchObject({ test: "paired_bootstrap", proven: true });
    expect(proven.proof.lowerBound).toBeGreaterThan(0);
    expect(proven.reasons.join(" ")).toContain("paired bootstrap");
  });

  test("graded scores without a difference are promoted in at most 5 % of draws", () => {
    const random = new SeededRandom("graded");
    let promoted = 0;
    for (let draw = 0; draw < 40; draw += 1) {
      const rows = Array.from({ length: 30 }, (_, index) => ({
        rowId: String(index),
        seed: Math.round(4 * random.uniform()) / 4,
        candidate: Math.round(4 * random.uniform()) / 4,
      }));
      if (decide({ scores: rows, randomSeed: String(draw) }).verdict === "promote") promoted += 1;
    }
    expect(promoted / 40).toBeLessThanOrEqual(0.05);
  });
});

describe("structural checks reject a candidate that scores better", () => {
  const better = scores(30, 0, 100);
  const reasonFor = (more: Partial<GateInput>): string => {
    const report = decide({ scores: better, ...more });
    expect(report.verdict).toBe("reject");
    return report.reasons[0]!;
  };

  test("the seed itself", () => {
    expect(reasonFor({ candidate: structuredClone(seed) })).toBe("It is the seed itself.");
  });

  test("a pinned example fails", () => {
    const pinned = [
      { id: "refund", passes: true },
      { id: "audit", passes: false },
    ];
    expect(reasonFor({ pinned })).toBe("1 of 2 pinned examples fail: audit.");
    expect(decide({ scores: better, pinned: [{ id: "refund", passes: true }] }).verdict).toBe("promote");
  });

  test("a literal is lost", () => {
    const candidate = { ...seed, components: { system_prompt: "Name the intent." } };
    expect(reasonFor({ candidate })).toBe('The component system_prompt lost "{{format}}".');
  });

  test("the schema is changed", () => {
    const candidate = { ...changed, parameters: { output_schema: { type: "object" } } };
    expect(reasonFor({ candidate })).toBe("The output schema was changed.");
  });

  test("training text is copied", () => {
    const training = [
      { id: "1", input: "my parcel from the third of May never arrived at home", expected: "delivery" },
    ];
    const candidate = {
      ...seed,
      components: {
        system_prompt: "As {{format}}. If parcel from the third of May never arrived at home, say delivery.",
      },
    };
    expect(reasonFor({ candidate, training })).toContain("copy training examples");
  });

  test("the instruction grew too much", () => {
    const candidate = { ...seed, components: { system_prompt: `{{format}} ${"word ".repeat(600)}` } };
    expect(reasonFor({ candidate })).toMatch(/Instructions take about \d+ tokens of at most \d+\./u);
  });

  test("the prompt is too long", () => {
    const demonstrations = Array.from({ length: 400 }, (_, index) => ({
      input: `message number ${index} ${"x".repeat(80)}`,
      output: "intent",
    }));
    expect(reasonFor({ candidate: { ...changed, demonstrations } })).toContain("A prompt takes about");
    const nearest = { demonstration_selection: "nearest", nearest_demonstrations: 16 };
    const candidate = { ...changed, demonstrations, parameters: { ...seed.parameters, ...nearest } };
    expect(decide({ scores: better, candidate }).verdict).toBe("promote");
  });
});

const known = new Map<string, boolean>();

/** Whether the gate promotes on these counts; each combination is decided once. */
function promotes(wins: number, losses: number, attempt: number): boolean {
  const key = `${wins}:${losses}:${attempt}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const decided = decide({ scores: scores(wins, losses, 0), attempt }).verdict === "promote";
  known.set(key, decided);
  return decided;
}
