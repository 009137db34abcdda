import type { NextStep, RunFindings, TrainingStatus } from "@agent-learning/contract";

/** What a person does next: a gain that the gate proved may roll out, one that it could not prove goes to an A/B arm. */
export function nextStep(state: {
  status: TrainingStatus;
  outcome: string | null;
  reviewStatus: RunFindings["review_status"];
  experimentStatus: string | null;
}): NextStep {
  const { status, outcome, reviewStatus, experimentStatus } = state;
  if (status === "pending" || status === "running" || status === "paused") return "wait";
  if (outcome !== "promote" && outcome !== "send_to_experiment") return "nothing";
  if (reviewStatus === "rejected") return "nothing";
  if (experimentStatus === "running" || experimentStatus === "paused") return "await_experiment";
  if (reviewStatus === "pending") return "review_version";
  return outcome === "promote" ? "start_rollout" : "start_experiment";
}
