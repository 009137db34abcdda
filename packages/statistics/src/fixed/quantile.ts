import { InvalidArgument, requireCount, requireOpenUnit } from "../invalid-argument.ts";
import { normalQuantile } from "../special-functions/normal.ts";
import { ratioSummary, type ArmSummary } from "../units/arm-summary.ts";
import type { PairedUnitSums } from "../units/unit-sums.ts";

export interface QuantileInput {
  /** In (0, 1). */
  readonly quantile: number;
  /** How many values there are. */
  readonly count: number;
  /** The value at a rank, from 1, in ascending order: of a sorted list, a sketch or an index of a database. */
  readonly valueAt: (rank: number) => number;
  /**
   * Where units have several values: per unit, how many of its values are at or below the sample quantile (value) and how many it
   * has (other value). Values of one unit are alike, so the variance comes from the units.
   */
  readonly clusters?: PairedUnitSums;
}

/** z of the order statistics that the variance is read from. */
const Z = -normalQuantile(0.025);

/** The sample quantile: the value at rank ceil(count quantile). */
export function sampleQuantile(input: Pick<QuantileInput, "quantile" | "count" | "valueAt">): number {
  requireOpenUnit("quantile", input.quantile);
  requireCount("count", input.count, 1);
  // The tolerance keeps 0.95 * 20 from being the 20th value.
  return input.valueAt(Math.max(1, Math.ceil(input.count * input.quantile * (1 - 1e-12))));
}

/**
 * One arm of a quantile metric for `liftOf`: variance ((Y_U - Y_L) / 2 z)^2 from the values at the ranks n (q -+ z sd), with
 * sd = sqrt(q (1 - q) / n), or that of the clustered proportion (Deng, Knoblich, Lu 2018).
 *
 * @returns `undefined` where nothing can be inferred: too few values for the ranks, or the same value at both
 */
export function quantileSummary(input: QuantileInput): ArmSummary | undefined {
  const { quantile, count, valueAt, clusters } = input;
  requireOpenUnit("quantile", quantile);
  requireCount("count", count);
  const units = clusters?.n ?? count;
  const deviation =
    clusters === undefined ? independentDeviation(quantile, count) : clusteredDeviation(clusters);
  if (deviation === undefined) return undefined;
  const lower = Math.floor(count * (quantile - Z * deviation));
  const upper = Math.ceil(count * (quantile + Z * deviation));
  if (lower < 1 || upper > count) return undefined;
  const spread = (finite(valueAt(upper)) - finite(valueAt(lower))) / (2 * Z);
  if (spread < 0) throw new InvalidArgument("valueAt", "ascending in the rank", spread);
  if (spread === 0) return undefined;
  return { n: units, mean: sampleQuantile(input), variance: spread * spread * units };
}

function independentDeviation(quantile: number, count: number): number | undefined {
  return count < 2 ? undefined : Math.sqrt((quantile * (1 - quantile)) / count);
}

function clusteredDeviation(clusters: PairedUnitSums): number | undefined {
  const summary = ratioSummary(clusters);
  return summary === undefined ? undefined : Math.sqrt(summary.variance / summary.n);
}

function finite(value: number): number {
  if (!Number.isFinite(value))
    throw new InvalidArgument("valueAt", "a function that returns finite numbers", value);
  return value;
}
