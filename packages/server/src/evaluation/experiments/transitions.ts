import type { ExperimentStatus } from "@agent-learning/contract";

const NEXT: Readonly<Record<ExperimentStatus, readonly ExperimentStatus[]>> = {
  draft: ["running", "stopped"],
  running: ["paused", "stopped", "decided"],
  paused: ["running", "stopped", "decided"],
  stopped: ["decided"],
  decided: [],
};

/** Where an experiment can go from a status; a decision is final. */
export function nextStatuses(status: ExperimentStatus): readonly ExperimentStatus[] {
  return NEXT[status];
}
