import { FINE_TUNING_PHASES, type FineTuningPhase, TRAINING_STATUSES } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { CANCELLABLE, canMove, isFinal, statusOf } from "./phases.ts";

const reachable = (from: FineTuningPhase): Set<FineTuningPhase> => {
  const seen = new Set<FineTuningPhase>([from]);
  for (const phase of seen) for (const next of FINE_TUNING_PHASES) if (canMove(phase, next)) seen.add(next);
  return seen;
};

describe("phases of fine-tuning", () => {
  it("lead from a draft to each of them", () => {
    expect([...reachable("draft")].toSorted()).toEqual([...FINE_TUNING_PHASES].toSorted());
  });

  it("lead to production by way of an evaluation, a review and staging only", () => {
    const into = (to: FineTuningPhase): FineTuningPhase[] =>
      FINE_TUNING_PHASES.filter((phase) => canMove(phase, to));
    expect(into("evaluating")).toEqual(["running", "paused"]);
    expect(into("awaiting_review")).toEqual(["evaluating"]);
    expect(into("approved")).toEqual(["awaiting_review"]);
    expect(into("staging")).toEqual(["approved"]);
    expect(into("promoted")).toEqual(["staging", "rolled_back"]);
  });

  it("end for good where a run failed, was lost or was cancelled", () => {
    expect(FINE_TUNING_PHASES.filter(isFinal)).toEqual(["failed", "lost", "cancelled"]);
  });

  it("run and pause in turn, and start again after a fault", () => {
    expect(canMove("running", "paused") && canMove("paused", "running")).toBe(true);
    expect(canMove("running", "queued")).toBe(true);
    expect(canMove("failed", "queued")).toBe(false);
  });

  it("cannot be cancelled once somebody approved", () => {
    expect(CANCELLABLE).toEqual([
      "draft",
      "validating",
      "queued",
      "running",
      "paused",
      "evaluating",
      "awaiting_review",
    ]);
  });

  it("each have one of the guide's statuses, and all of those occur", () => {
    expect(new Set(FINE_TUNING_PHASES.map(statusOf))).toEqual(new Set(TRAINING_STATUSES));
    expect(statusOf("lost")).toBe("failed");
    expect(statusOf("draft")).toBe("pending");
  });
});
