import { describe, expect, it } from "vitest";
import type { Assessment } from "../guardrails/index.ts";
import { decideRollout, isProofDue, type RolloutLook } from "./decide-rollout.ts";

const guardrail = (change: Partial<Assessment> = {}): Assessment => ({
  name: "error_rate",
  status: "passed",
  candidate_units: 300,
  control_units: 300,
  candidate: 0.01,
  control: 0.01,
  limit: 0.05,
  ln_evidence: -3,
  ln_threshold: 5,
  sentence: "3 of 300 candidate units failed.",
  enough: true,
  fresh: true,
  silent: false,
  outage: null,
  withinLimit: true,
  ...change,
});

const look = (change: Partial<RolloutLook> = {}, ...guardrails: Partial<Assessment>[]): RolloutLook => ({
  guardrails: guardrails.length === 0 ? [guardrail()] : guardrails.map(guardrail),
  armProblems: [],
  elapsedHours: 24,
  stageHours: 24,
  share: 0.05,
  nextShare: 0.25,
  minimumUnits: 200,
  backlog: false,
  ...change,
});

const breached = { status: "breached", withinLimit: false, sentence: "Too many failures." } as const;

describe("decideRollout", () => {
  it.each<[string, RolloutLook, string, string]>([
    ["all is well and the time is over", look(), "ADVANCE", "24 h at 5.0 % are over"],
    ["the stage is overdue by days: still one stage", look({ elapsedHours: 500 }), "ADVANCE", "on to 25.0 %"],
    ["the time is not over", look({ elapsedHours: 23.99 }), "HOLD", "23.9 h of 24 h at 5.0 %"],
    [
      "the time is not over, and a metric never came",
      look({ elapsedHours: 2 }, {}, { name: "latency", candidate_units: 0 }),
      "HOLD",
      "No latency has come from the candidate yet",
    ],
    [
      "the time is not over, and nothing has come",
      look({ elapsedHours: 2 }, { candidate_units: 0 }, { name: "latency", candidate_units: 0 }),
      "HOLD",
      "2 h of 24 h at 5.0 % are over.",
    ],
    ["the clock runs backwards", look({ elapsedHours: -5 }), "HOLD", "of 24 h"],
    ["too few units", look({}, { enough: false, candidate_units: 12 }), "HOLD", "with error rate: 12 of 200"],
    ["stale data", look({}, { fresh: false }), "HOLD", "never promote"],
    [
      "one guardrail without data",
      look({}, {}, { name: "satisfaction", enough: false, candidate_units: 0 }),
      "HOLD",
      "with satisfaction: 0 of 200",
    ],
    [
      "a failing source, all else being well",
      look({}, { outage: "webhook returns 503" }),
      "HOLD",
      "The source of error rate (webhook returns 503) is failing",
    ],
    [
      "a breach that was found while another source is failing",
      look({}, { name: "satisfaction", outage: "x" }, breached),
      "ROLLBACK",
      "Too many failures.",
    ],
    ["a backlog", look({ backlog: true }), "HOLD", "next one goes on"],
    [
      "the limit not shown to be kept",
      look({}, { status: "undecided", withinLimit: false }),
      "HOLD",
      "3 of 300",
    ],
    [
      "arms that cannot be compared",
      look({ armProblems: ["Units are lost."] }),
      "INVALID",
      "Units are lost.",
    ],
    [
      "arms that cannot be compared, before the time",
      look({ armProblems: ["Lost."], elapsedHours: 1 }),
      "INVALID",
      "Lost.",
    ],
    ["a breach", look({}, breached), "ROLLBACK", "Too many failures."],
    [
      "a breach in the first minute, with few units",
      look({ elapsedHours: 0 }, { ...breached, enough: false, fresh: false }),
      "ROLLBACK",
      "Too many",
    ],
    [
      "a breach in arms that cannot be compared",
      look({ armProblems: ["Lost."] }, breached),
      "ROLLBACK",
      "Too many",
    ],
    [
      "a breach beside passing guardrails",
      look({}, {}, { ...breached, name: "latency" }),
      "ROLLBACK",
      "Too many",
    ],
    [
      "a candidate that alone is silent",
      look({ elapsedHours: 2 }, { silent: true, fresh: false }),
      "ROLLBACK",
      "fell silent",
    ],
    [
      "a candidate silent in one metric only",
      look({}, {}, { name: "satisfaction", silent: true }),
      "ROLLBACK",
      "no satisfaction",
    ],
  ])("%s", (_name, situation, verdict, reason) => {
    const decision = decideRollout(situation);
    expect(decision.verdict).toBe(verdict);
    expect(decision.reason).toContain(reason);
  });

  it("names the guardrail that rolled it back, the broken one before the silent one", () => {
    const situation = look({}, { silent: true }, { ...breached, name: "satisfaction" });
    expect(decideRollout(situation).trigger).toBe("satisfaction");
    expect(decideRollout(look()).trigger).toBeNull();
  });
});

describe("isProofDue", () => {
  it.each<[string, RolloutLook, boolean]>([
    ["only the proof is missing", look({}, { status: "undecided", withinLimit: false }), true],
    ["nothing is missing", look(), true],
    ["the time is not over", look({ elapsedHours: 1 }), false],
    ["too few units", look({}, { enough: false }), false],
    ["stale data", look({}, { fresh: false }), false],
    ["a breach", look({}, breached), false],
    ["silence", look({}, { silent: true }), false],
    ["a failing source", look({}, { outage: "away" }), false],
    ["incomparable arms", look({ armProblems: ["Lost."] }), false],
  ])("%s", (_name, situation, due) => {
    expect(isProofDue(situation)).toBe(due);
  });
});
