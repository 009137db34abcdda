import { expect, it } from "vitest";
import type { BehaviorPatterns } from "../../api/types.ts";
import { describeBehavior, describeFit } from "./describe-behavior.ts";

const patterns = (change: object): BehaviorPatterns =>
  ({
    experts: { runs: 40 },
    agent: { runs: 60 },
    departures: [],
    patternsTested: 120,
    replayFitness: null,
    nextTool: null,
    ...change,
  }) as unknown as BehaviorPatterns;

it("says what the runs say", () => {
  expect(describeBehavior(patterns({ experts: { runs: 0 }, agent: { runs: 0 } }))).toMatch(
    /^No run has told/,
  );
  expect(describeBehavior(patterns({ experts: { runs: 1 }, agent: { runs: 0 } }))).toBe(
    "1 demonstration of experts and 0 runs of the agent: with one side alone there is nothing to compare.",
  );
  expect(describeBehavior(patterns({ patternsTested: 0 }))).toMatch(/too few to compare/);
  expect(describeBehavior(patterns({}))).toMatch(/of 120 patterns none tells them apart/);
  expect(describeBehavior(patterns({ departures: [{ rule: {} }, { rule: null }] }))).toBe(
    "Experts work differently in 2 ways, and 1 rule is proposed from that. From 40 demonstrations of experts and 60 runs of the agent.",
  );
});

it("says how far the agent's work covers the experts'", () => {
  expect(describeFit(patterns({}))).toEqual([]);
  expect(
    describeFit(
      patterns({
        replayFitness: 0.61,
        nextTool: { accuracy: 0.5, bigramAccuracy: 0.4, predictions: 200, gainLowerBound: 0 },
      }),
    ),
  ).toEqual([
    "61\u00a0% of the experts’ steps are steps that the agent takes too.",
    "What an expert calls next is told right 50\u00a0% of the time by the calls before it, 40\u00a0% by the last call alone (200 predictions on runs left out).",
  ]);
});
