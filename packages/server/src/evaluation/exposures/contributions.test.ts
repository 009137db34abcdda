import type { ExperimentMetric } from "@agent-learning/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredExecution, StoredFeedback } from "../../collection/evidence-observer.ts";
import { aStoredExecution } from "../../collection/stored-execution-fixture.testing.ts";
import { defaultMetrics } from "../metrics/index.ts";
import {
  combineContributions,
  type Contribution,
  type CountedMetric,
  executionContributions,
  feedbackContributions,
  outcomeContribution,
} from "./contributions.ts";

const execution = (change: Partial<StoredExecution> = {}): StoredExecution =>
  aStoredExecution({ unit_id: "u", experiment_id: "s", arm: "control", ...change });

const vote = (satisfaction: number | null): StoredFeedback => ({
  id: "f",
  agent_id: "a",
  execution_id: "x",
  user_id: "p",
  feedback_type: satisfaction === null ? "comment" : "thumbs_up",
  rating: null,
  feedback_text: null,
  correction_text: null,
  issue_categories: [],
  dimensions: {},
  signal: null,
  satisfaction,
  created_at: new Date(0),
});

const counted = (metrics: readonly ExperimentMetric[]): CountedMetric[] =>
  metrics.map((metric) => ({ ...metric, isTested: false }));

const brief = (all: Contribution[]): unknown[] =>
  all.map((one) => [one.metric, one.n, one.sum, one.sumSquares]);

describe("executionContributions", () => {
  it.each<[string, Partial<StoredExecution>, unknown[]]>([
    ["outside a split: nothing", { experiment_id: null }, []],
    ["without a unit: nothing", { unit_id: null }, []],
    ["a success", {}, [["error_rate", 1, 0, 0]]],
    ["a failure", { status: "failed" }, [["error_rate", 1, 1, 1]]],
    [
      "latency and task",
      { latency_ms: 30, task_completed: false },
      [
        ["error_rate", 1, 0, 0],
        ["latency_ms", 1, 30, 900],
        ["task_completion", 1, 0, 0],
      ],
    ],
    ["a rollout", { experiment_id: null, rollout_id: "r" }, [["error_rate", 1, 0, 0]]],
  ])("%s", (_name, change, expected) => {
    expect(brief(executionContributions(execution(change), counted(defaultMetrics("satisfaction"))))).toEqual(
      expected,
    );
  });
});

describe("metrics that an experiment declares", () => {
  const metric = (change: Partial<CountedMetric>): CountedMetric => ({
    name: "m",
    kind: "mean",
    better: "lower",
    role: "signal",
    source: "outcome",
    per: "outcome",
    quantile: null,
    covariate: false,
    isTested: false,
    ...change,
  });
  const told = execution({ prompt_tokens: 10, completion_tokens: null, cost_usd: 0.5, latency_ms: 200 });

  it.each<[string, Partial<ExperimentMetric>, unknown[]]>([
    ["tokens, as far as they are known", { source: "tokens" }, [["m", 1, 10, 100]]],
    ["costs", { source: "cost_usd" }, [["m", 1, 0.5, 0.25]]],
    ["nothing of outcomes that are reported", { source: "outcome" }, []],
    ["nothing of votes, which come by themselves", { source: "satisfaction" }, []],
  ])("takes %s", (_name, change, expected) => {
    expect(brief(executionContributions(told, [metric(change)]))).toEqual(expected);
  });

  it("counts a quantile's outcomes by bucket, and a ratio's denominators", () => {
    const unit = { subjectId: "s", unitId: "u" };
    const [quantile] = executionContributions(told, [metric({ source: "latency_ms", kind: "quantile" })]);
    expect(Object.values(quantile?.sketch ?? {})).toEqual([1]);
    expect(outcomeContribution(unit, metric({ kind: "quantile" }), 0).sketch).toEqual({ zero: 1 });
    const ratio = metric({ kind: "ratio" });
    const both = combineContributions([
      outcomeContribution(unit, ratio, 3, 4),
      outcomeContribution(unit, ratio, 1, 6),
    ]);
    expect(both).toEqual([expect.objectContaining({ n: 2, sum: 4, other: 10, sketch: null })]);
  });
});

describe("feedbackContributions", () => {
  it.each<[string, StoredFeedback | null, StoredFeedback | null, unknown[]]>([
    ["a new vote", null, vote(1), [["satisfaction", 1, 1, 1]]],
    ["a new comment", null, vote(null), []],
    ["an amended vote", vote(1), vote(0.25), [["satisfaction", 0, -0.75, 0.0625 - 1]]],
    ["an unchanged vote", vote(0.5), vote(0.5), []],
    ["a withdrawn vote", vote(0.75), null, [["satisfaction", -1, -0.75, -0.5625]]],
    ["a vote that became a comment", vote(1), vote(null), [["satisfaction", -1, -1, -1]]],
    ["a comment that became a vote of 0", vote(null), vote(0), [["satisfaction", 1, 0, 0]]],
  ])("%s", (_name, before, after, expected) => {
    expect(brief(feedbackContributions({ execution: execution(), before, after }))).toEqual(expected);
  });

  it("outside a split adds nothing", () => {
    const change = { execution: execution({ experiment_id: null }), before: null, after: vote(1) };
    expect(feedbackContributions(change)).toEqual([]);
  });

  it("sums to nothing over any history that ends withdrawn", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(null, 0, 0.25, 0.5, 1), { minLength: 1 }), (history) => {
        const steps = [...history.map(vote), null];
        const all = steps.flatMap((after, index) =>
          feedbackContributions({ execution: execution(), before: steps[index - 1] ?? null, after }),
        );
        const total = combineContributions(all)[0];
        expect(total?.n ?? 0).toBe(0);
        expect(total?.sum ?? 0).toBeCloseTo(0, 12);
        expect(total?.sumSquares ?? 0).toBeCloseTo(0, 12);
      }),
    );
  });
});

describe("combineContributions", () => {
  const one = (unitId: string, metric: Contribution["metric"], sum: number): Contribution => ({
    subjectId: "s",
    metric,
    unitId,
    n: 1,
    sum,
    sumSquares: sum * sum,
    first: sum,
    other: null,
    sketch: null,
    perUnit: false,
    anyOutcome: false,
    isTested: false,
  });

  it("adds up what belongs to one unit and metric", () => {
    const combined = combineContributions([
      one("u", "latency_ms", 2),
      one("v", "latency_ms", 1),
      one("u", "latency_ms", 3),
      one("u", "error_rate", 1),
    ]);
    expect(combined).toEqual([
      { ...one("u", "error_rate", 1) },
      { ...one("u", "latency_ms", 2), n: 2, sum: 5, sumSquares: 13 },
      { ...one("v", "latency_ms", 1) },
    ]);
  });

  it("gives the same order whatever order the evidence came in", () => {
    const units = fc.array(fc.constantFrom("a", "b", 'c"', "d"), { maxLength: 12 });
    fc.assert(
      fc.property(units, (names) => {
        const forward = combineContributions(names.map((name) => one(name, "error_rate", 1)));
        const backward = combineContributions(names.toReversed().map((name) => one(name, "error_rate", 1)));
        expect(backward).toEqual(forward);
      }),
    );
  });

  it("leaves its input alone", () => {
    const input = [one("u", "error_rate", 1), one("u", "error_rate", 1)];
    combineContributions(input);
    expect(input[0]?.n).toBe(1);
  });
});
