import { expect, it } from "vitest";
import type { TrainingRun } from "../../api/types.ts";
import { describePhase, movesOf, PATH, type Phase, placeOf } from "./describe-phase.ts";

const run = (phase: Phase, change: Partial<TrainingRun> = {}): TrainingRun & { phase: Phase } =>
  ({
    currentStep: null,
    totalSteps: null,
    candidateVersionId: null,
    startedAt: null,
    error: null,
    ...change,
    phase,
  }) as TrainingRun & { phase: Phase };

it("says where a run is", () => {
  expect(describePhase(run("running"))).toBe("It is training.");
  expect(describePhase(run("running", { currentStep: 3, totalSteps: 40 }))).toBe(
    "It is training: step 3 of 40.",
  );
  expect(describePhase(run("failed", { error: { message: "No memory.", advice: "Take fewer rows." } }))).toBe(
    "No memory. Take fewer rows.",
  );
  expect(describePhase(run("lost"))).toBe("Its trainer was lost.");
  expect(describePhase(run("draft"))).toMatch(/^It is a draft/);
});

it("offers what the server takes", () => {
  expect(movesOf("draft")).toEqual(["start", "cancel"]);
  expect(movesOf("paused")).toEqual(["resume", "cancel"]);
  expect(movesOf("promoted")).toEqual([]);
});

it("knows how far a run came that left its way", () => {
  expect(PATH[placeOf(run("paused"))]).toBe("running");
  expect(PATH[placeOf(run("failed", { candidateVersionId: "v" }))]).toBe("evaluating");
  expect(PATH[placeOf(run("lost", { currentStep: 4 }))]).toBe("running");
  expect(PATH[placeOf(run("cancelled"))]).toBe("draft");
  expect(PATH[placeOf(run("rolled_back"))]).toBe("staging");
});
