import type {
  ExperimentHealth,
  ExperimentWinner,
  Inference,
  MetricComparison,
} from "@agent-learning/contract";

/** A treatment that still takes units. */
export interface OpenTreatment {
  arm: string;
  /** Exposed units, and those with an outcome of the primary metric. */
  units: number;
  measured: number;
  harmed: boolean;
  comparisons: readonly MetricComparison[];
  /** Both arms have what a verdict on the primary metric needs. */
  verdictAllowed: boolean;
}

export interface DecisionInput {
  primary: string;
  inference: Inference;
  health: ExperimentHealth;
  control: { units: number; measured: number };
  treatments: readonly OpenTreatment[];
  minimumUnits: number;
  runningHours: number;
  minimumHours: number;
  requiredSignificance: number;
}

export interface ExperimentVerdict {
  winner: Exclude<ExperimentWinner, "none"> | null;
  /** The treatment that won. */
  winningArm: string | null;
  /** Treatments that do harm: they are to be stopped now, whatever else is missing. */
  harmed: string[];
  /** 1 less the adjusted p value of the primary metric in the leading treatment, in [0, .9999]; null while nothing can be inferred. */
  significance: number | null;
  /** A fixed horizon was reached: nothing can be added any more. */
  over: boolean;
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

/** What time and units still have to come to. */
function missingData(input: DecisionInput): string[] {
  const missing: string[] = [];
  const hoursLeft = input.minimumHours - input.runningHours;
  if (hoursLeft > 0) missing.push(`${hours(hoursLeft)} more hours (${input.minimumHours} are needed).`);
  for (const { arm, units, measured } of [{ arm: "control", ...input.control }, ...input.treatments]) {
    const short = missingUnits(arm, units, input.minimumUnits, "exposed");
    missing.push(
      ...(short.length > 0
        ? short
        : missingUnits(arm, measured, input.minimumUnits, `with ${input.primary}`)),
    );
  }
  return missing;
}

/** Whether a comparison is certain, and which way: better or worse than the control. */
export function directionOf(
  { absolute, adjusted_p_value: pValue, better }: MetricComparison,
  requiredSignificance: number,
): "better" | "worse" | null {
  if (absolute === null || pValue === null || significanceOf(pValue) < requiredSignificance) return null;
  if (absolute.lower <= 0 && absolute.upper >= 0) return null;
  return absolute.lower > 0 === (better === "higher") ? "better" : "worse";
}

interface Standing {
  treatment: OpenTreatment;
  better: MetricComparison[];
  worse: MetricComparison[];
  broken: MetricComparison[];
}

const primaryOf = (treatment: OpenTreatment): MetricComparison | undefined =>
  treatment.comparisons.find((comparison) => comparison.primary);

/** How much better the primary metric is, so that larger is better. */
function gain(treatment: OpenTreatment): number {
  const primary = primaryOf(treatment);
  const estimate = primary?.absolute?.estimate ?? 0;
  return primary?.better === "lower" ? -estimate : estimate;
}

const pOf = (treatment: OpenTreatment): number => primaryOf(treatment)?.adjusted_p_value ?? 1;

function uncertain(input: DecisionInput, leading: OpenTreatment | undefined, over: boolean): string {
  const pValue = leading === undefined ? null : (primaryOf(leading)?.adjusted_p_value ?? null);
  if (pValue === null) return `A difference in ${input.primary}: nothing varies between the arms yet.`;
  const found = `significance ${significanceOf(pValue).toFixed(4)}${input.treatments.length > 1 ? ` in ${leading?.arm ?? ""}` : ""}, ${input.requiredSignificance} is needed`;
  return over
    ? `The fixed horizon is over without a certain difference in ${input.primary}: ${found}. Decide it inconclusive, or run a new experiment with more units.`
    : `A difference in ${input.primary} that is certain: ${found}.`;
}

/**
 * The guide's winner rules: at least its duration and its units per arm, healthy, significant, and the interval clear of zero. A
 * treatment wins where a goal is better, no goal worse, no guardrail broken; the control where every treatment is worse. Harm needs
 * none of that. A fixed horizon concludes nothing before its end.
 */
export function decideExperiment(input: DecisionInput): ExperimentVerdict {
  const required = input.requiredSignificance;
  const data = missingData(input);
  const over = input.inference === "fixed_horizon" && data.length === 0;
  const standings = input.treatments.map((treatment): Standing => {
    const found = (role: string, direction: "better" | "worse"): MetricComparison[] =>
      treatment.comparisons.filter(
        (comparison) => comparison.role === role && directionOf(comparison, required) === direction,
      );
    return {
      treatment,
      better: found("goal", "better"),
      worse: found("goal", "worse"),
      broken: found("guardrail", "worse"),
    };
  });
  const sound = standings.filter(
    ({ better, worse, broken }) => better.length > 0 && worse.length === 0 && broken.length === 0,
  );
  const best = sound.map(({ treatment }) => treatment).toSorted((a, b) => gain(b) - gain(a))[0];
  const allWorse =
    standings.length > 0 && standings.every(({ better, worse }) => worse.length > 0 && better.length === 0);
  const leading = best ?? input.treatments.toSorted((a, b) => pOf(a) - pOf(b))[0];
  const leadingP = leading === undefined ? null : (primaryOf(leading)?.adjusted_p_value ?? null);

  const missing = [...data];
  if (input.inference === "fixed_horizon" && !over) {
    missing.push("The end of the fixed horizon: nothing is concluded before it.");
  }
  if (input.health.status === "unhealthy") missing.push(...input.health.reasons);
  if (best === undefined && !allWorse && (input.inference === "sequential" || over)) {
    const held = standings.filter(({ better }) => better.length > 0);
    for (const { treatment, better, worse, broken } of held) {
      const against = [...worse, ...broken].map((comparison) => comparison.metric).join(" and ");
      missing.push(
        `A person's judgement: ${better.map((comparison) => comparison.metric).join(" and ")} is better in ${treatment.arm}, but ${against} is worse.`,
      );
    }
    if (held.length === 0) missing.push(uncertain(input, leading, over));
  }
  const deciding = best === undefined ? input.treatments : [best];
  const allowed = missing.length === 0 && deciding.every((treatment) => treatment.verdictAllowed);
  const winner = !allowed ? null : best !== undefined ? "treatment" : allWorse ? "control" : null;
  return {
    winner,
    winningArm: winner === "treatment" ? (best?.arm ?? null) : null,
    harmed: input.treatments.filter(({ harmed }) => harmed).map(({ arm }) => arm),
    significance: leadingP === null ? null : significanceOf(leadingP),
    over,
    missing,
  };
}
