import type { ExperimentPower, Inference } from "@agent-learning/contract";
import {
  type ArmSummary,
  expectedHoursLeft,
  type Lift,
  sampleSizeOfBothArms,
  sequentialSampleSizeOfBothArms,
} from "@agent-learning/statistics";

export interface ForesightInput {
  metric: string;
  inference: Inference;
  /** Of the primary metric in the control and the leading treatment; undefined while nothing can be inferred. */
  control: ArmSummary | undefined;
  treatment: ArmSummary | undefined;
  relative: Lift | undefined;
  /** Relative difference that is worth finding; null: the one that is seen. */
  minimumEffect: number | null;
  alpha: number;
  /** Measured units of the smaller of the two arms. */
  units: number;
  minimumUnits: number;
  runningHours: number;
  minimumHours: number;
  now: Date;
}

/** Beyond this an end is not foreseen but hoped for. */
const LONGEST_DAYS = 730;

const percent = (share: number): string => `${(share * 100).toPrecision(2).replace(/\.0$/, "")} %`;

function duration(hours: number): string {
  if (hours < 1) return "less than an hour";
  if (hours < 48) return `${Math.ceil(hours)} hours`;
  return `${Math.ceil(hours / 24)} days`;
}

/** Units of the smaller arm at which the difference is found with a power of 0.8. */
function unitsNeeded(
  { control, treatment, alpha, inference }: ForesightInput,
  effect: number,
): number | null {
  if (control === undefined || treatment === undefined || effect === 0 || control.mean === 0) return null;
  if (control.variance + treatment.variance === 0) return null;
  const controlShare = control.n / (control.n + treatment.n);
  const input = {
    controlVariance: control.variance,
    treatmentVariance: treatment.variance,
    difference: effect * control.mean,
    alpha,
  };
  const both =
    inference === "sequential"
      ? sequentialSampleSizeOfBothArms(input, { controlShare })
      : sampleSizeOfBothArms(input, controlShare);
  const smaller = both * Math.min(controlShare, 1 - controlShare);
  return Number.isFinite(smaller) ? Math.ceil(smaller) : null;
}

function sentenceOf(power: Omit<ExperimentPower, "sentence">, input: ForesightInput): string {
  const { effect, units_per_arm: needed, units_per_day: rate, expected_end: end } = power;
  const looked =
    power.effect_source === "minimum_effect"
      ? `A difference of ${percent(effect)} in ${input.metric}`
      : `The difference of ${percent(Math.abs(effect))} in ${input.metric} that is seen`;
  if (needed === null) return `No end can be foreseen yet: ${input.metric} shows too little.`;
  const asked = `${looked} takes about ${needed} units an arm`;
  if (rate === 0) return `${asked}; none come in.`;
  const pace = `${Math.max(1, Math.round(rate))} units a day come in`;
  if (end === null) return `${asked}; at this pace (${pace}) that takes years.`;
  const left = (Date.parse(end) - input.now.getTime()) / 3_600_000;
  return left <= 0
    ? `${asked}: they are there.`
    : `About ${duration(left)} until a decision: ${looked.toLowerCase()} takes about ${needed} units an arm, and ${pace}.`;
}

/** How many units the difference takes, and when they should be there with the time and the units that the rules ask for. */
export function foreseeEnd(input: ForesightInput): ExperimentPower {
  const seen = input.relative?.estimate ?? 0;
  const effect = input.minimumEffect ?? seen;
  const needed = unitsNeeded(input, effect);
  const perHour = input.runningHours > 0 ? input.units / input.runningHours : 0;
  const hoursLeft =
    needed === null
      ? undefined
      : expectedHoursLeft({
          units: [input.units],
          neededUnits: [Math.max(needed, input.minimumUnits)],
          hours: input.runningHours,
          minimumHours: input.minimumHours,
        });
  const foreseen = hoursLeft !== undefined && hoursLeft <= LONGEST_DAYS * 24;
  const power = {
    effect,
    effect_source: input.minimumEffect === null ? ("observed" as const) : ("minimum_effect" as const),
    units_per_arm: needed,
    units_per_day: perHour * 24,
    expected_end: foreseen ? new Date(input.now.getTime() + hoursLeft * 3_600_000).toISOString() : null,
  };
  return { ...power, sentence: sentenceOf(power, input) };
}
