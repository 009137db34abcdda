import type { ExperimentHealth, ExperimentWinner, HarmEvidence } from "@agent-learning/contract";
import type { ConfidenceSequenceEstimate } from "@agent-learning/statistics";

export interface DecisionInput {
  better: "higher" | "lower";
  metric: string;
  health: ExperimentHealth;
  /** Exposed units of each arm, and those with an outcome of the primary metric. */
  units: { control: number; treatment: number };
  measured: { control: number; treatment: number };
  minimumUnits: number;
  runningHours: number;
  minimumHours: number;
  /** Of the primary metric; undefined while nothing can be inferred. */
  sequence: ConfidenceSequenceEstimate | undefined;
  requiredSignificance: number;
  harm: readonly HarmEvidence[];
}

export interface ExperimentVerdict {
  winner: Exclude<ExperimentWinner, "none"> | null;
  /** The treatment does harm: stop now, whatever else is missing. */
  harm: boolean;
  /** 1 less the sequential p value, in [0, .9999]; null while nothing can be inferred. */
  significance: number | null;
  /** A sentence for each thing that is missing for a winner. */
  missing: string[];
}

/** Rounded down to four decimals, so that no rounding makes a winner, and 1 is never claimed. */
export function significanceOf(pValue: number): number {
  return Math.min(0.9999, Math.max(0, Math.floor((1 - pValue) * 10_000 + 1e-9) / 10_000));
}

const hours = (value: number): string => String(Math.ceil(value * 10) / 10);

function missingUnits(arm: string, have: number, need: number, what: string): string[] {
  return have >= need ? [] : [`${need - have} more units ${what} in ${arm} (${have} of ${need}).`];
}

/**
 * The guide's winner rules: at least its duration and its units per arm, healthy, significant, and the always-valid interval
 * clear of zero. Harm needs none of that.
 */
export function decideExperiment(input: DecisionInput): ExperimentVerdict {
  const { sequence, units, measured, minimumUnits: need } = input;
  const missing: string[] = [];
  const hoursLeft = input.minimumHours - input.runningHours;
  if (hoursLeft > 0) missing.push(`${hours(hoursLeft)} more hours (${input.minimumHours} are needed).`);
  for (const arm of ["control", "treatment"] as const) {
    const short = missingUnits(arm, units[arm], need, "exposed");
    missing.push(
      ...(short.length > 0 ? short : missingUnits(arm, measured[arm], need, `with ${input.metric}`)),
    );
  }
  if (input.health.status === "unhealthy") missing.push(...input.health.reasons);
  const significance = sequence === undefined ? null : significanceOf(sequence.pValue);
  const clear = sequence !== undefined && (sequence.lower > 0 || sequence.upper < 0);
  if (significance === null)
    missing.push(`A difference in ${input.metric}: nothing varies between the arms yet.`);
  else if (significance < input.requiredSignificance || !clear) {
    missing.push(
      `A difference in ${input.metric} that is certain: significance ${significance.toFixed(4)}, ${input.requiredSignificance} is needed.`,
    );
  }
  const allowed = sequence?.verdictAllowed === true && missing.length === 0;
  const treatmentBetter = input.better === "higher" ? (sequence?.lower ?? 0) > 0 : (sequence?.upper ?? 0) < 0;
  return {
    winner: allowed ? (treatmentBetter ? "treatment" : "control") : null,
    harm: input.harm.some((evidence) => evidence.breached),
    significance,
    missing,
  };
}
