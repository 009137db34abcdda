import type { ExperimentPower, ExperimentStatus, MetricComparison } from "@agent-learning/contract";

export interface SummaryInput {
  status: ExperimentStatus;
  winner: string | null;
  winningArm: string | null;
  decision: string | null;
  missing: readonly string[];
  power: ExperimentPower | null;
  comparisons: readonly MetricComparison[];
}

const share = (value: number): string => `${value > 0 ? "+" : ""}${(value * 100).toFixed(1)} %`;

function effectOf({ comparisons, winningArm }: SummaryInput): string {
  const primary = comparisons.find(
    (comparison) => comparison.primary && (winningArm === null || comparison.arm === winningArm),
  );
  if (primary?.relative) {
    const { estimate, lower, upper } = primary.relative;
    return `${primary.metric} ${share(estimate)} (${share(lower)} to ${share(upper)})`;
  }
  const estimate = primary?.absolute?.estimate;
  return estimate === undefined ? "" : `${primary?.metric ?? ""} ${estimate.toPrecision(3)}`;
}

/** Where an experiment stands and what it waits for, in a sentence or two. */
export function summariseExperiment(input: SummaryInput): string {
  const { status, winner, winningArm, missing, power } = input;
  const won = winner === "treatment" ? (winningArm ?? "treatment") : winner;
  const effect = effectOf(input);
  if (status === "draft") return "Not started.";
  if (status === "stopped") return "Stopped without a decision.";
  if (status === "decided") {
    return `Decided: ${(input.decision ?? "").replaceAll("_", " ")}${effect === "" ? "" : `, ${effect}`}.`;
  }
  const paused = status === "paused" ? "Paused. " : "";
  if (won !== null && won !== "none")
    return `${paused}${won} wins${effect === "" ? "" : `: ${effect}`}. It waits for a decision.`;
  const ahead = power === null || missing.length === 0 ? "" : ` ${power.sentence}`;
  return `${paused}Not decided: ${missing.join(" ")}${ahead}`;
}
