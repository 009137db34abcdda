import { FINE_TUNING_PHASES, type FineTuningPhase, type TrainingStatus } from "@agent-learning/contract";

/** Where a run may go from each phase. Everything else is refused, whoever asks. */
const MOVES: Readonly<Record<FineTuningPhase, readonly FineTuningPhase[]>> = {
  draft: ["validating", "cancelled"],
  validating: ["queued", "failed", "cancelled"],
  // A back end that loses what it was given is asked again, or given up.
  queued: ["queued", "running", "failed", "lost", "cancelled"],
  running: ["paused", "queued", "evaluating", "failed", "lost", "cancelled"],
  paused: ["running", "queued", "evaluating", "failed", "lost", "cancelled"],
  evaluating: ["awaiting_review", "failed", "cancelled"],
  // A reviewer's rejection cancels.
  awaiting_review: ["approved", "failed", "cancelled"],
  approved: ["staging", "failed"],
  staging: ["promoted", "rolled_back", "failed"],
  // A rollout can be tried again, and one that went well can be undone.
  promoted: ["rolled_back"],
  rolled_back: ["promoted"],
  failed: [],
  lost: [],
  cancelled: [],
};

const STATUS: Readonly<Record<FineTuningPhase, TrainingStatus>> = {
  draft: "pending",
  validating: "pending",
  queued: "pending",
  running: "running",
  paused: "paused",
  evaluating: "running",
  awaiting_review: "completed",
  approved: "completed",
  staging: "completed",
  promoted: "completed",
  rolled_back: "completed",
  failed: "failed",
  lost: "failed",
  cancelled: "cancelled",
};

export function canMove(from: FineTuningPhase, to: FineTuningPhase): boolean {
  return MOVES[from].includes(to);
}

/** Nothing moves it any more. */
export function isFinal(phase: FineTuningPhase): boolean {
  return MOVES[phase].length === 0;
}

/** The guide's status of a run in a phase. */
export function statusOf(phase: FineTuningPhase): TrainingStatus {
  return STATUS[phase];
}

/** Phases in which a worker has something to do, or to watch. */
export const MOVING: readonly FineTuningPhase[] = [
  "validating",
  "queued",
  "running",
  "paused",
  "evaluating",
  "approved",
];

/** Phases from which a run can be cancelled. */
export const CANCELLABLE: readonly FineTuningPhase[] = FINE_TUNING_PHASES.filter((phase) =>
  canMove(phase, "cancelled"),
);
