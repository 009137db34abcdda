import { InvalidArgument, requireCount } from "../invalid-argument.ts";
import { lnGamma } from "../special-functions/ln-gamma.ts";

/** One two-by-two table: how many of each of two groups have it. */
export interface AssociationStratum {
  readonly firstHave: number;
  readonly first: number;
  readonly secondHave: number;
  readonly second: number;
}

export interface ExactAssociation {
  /** P value of "the first group does not have it more often". */
  readonly more: number;
  /** P value of "the first group does not have it less often". */
  readonly less: number;
  /** Twice the smaller one, at most 1. */
  readonly twoSided: number;
}

/**
 * Fisher's exact test (1935), for several strata at once: the number in the first group that have it, summed over strata, given the
 * margins of every stratum; its distribution is the convolution of the strata's hypergeometric distributions (Zelen 1971). Work and
 * memory grow with the product of two strata's sizes.
 */
export function exactAssociation(strata: readonly AssociationStratum[]): ExactAssociation {
  let distribution = Float64Array.of(1);
  let observed = 0;
  strata.forEach((stratum, i) => {
    const { lowest, probabilities } = hypergeometric(stratum, `strata[${i}]`);
    observed += stratum.firstHave - lowest;
    distribution = convolve(distribution, probabilities);
  });
  const more = sum(distribution.subarray(observed));
  const less = sum(distribution.subarray(0, observed + 1));
  return { more, less, twoSided: Math.min(1, 2 * Math.min(more, less)) };
}

function hypergeometric(
  { firstHave, first, secondHave, second }: AssociationStratum,
  name: string,
): { lowest: number; probabilities: Float64Array<ArrayBuffer> } {
  requireCount(`${name}.firstHave`, firstHave);
  requireCount(`${name}.first`, first);
  requireCount(`${name}.secondHave`, secondHave);
  requireCount(`${name}.second`, second);
  if (firstHave > first)
    throw new InvalidArgument(`${name}.firstHave`, `at most the ${first} of its group`, firstHave);
  if (secondHave > second)
    throw new InvalidArgument(`${name}.secondHave`, `at most the ${second} of its group`, secondHave);
  const have = firstHave + secondHave;
  const lowest = Math.max(0, have - second);
  const highest = Math.min(first, have);
  const whole = lnChoose(first + second, have);
  const probabilities = Float64Array.from({ length: highest - lowest + 1 }, (_, i) =>
    Math.exp(lnChoose(first, lowest + i) + lnChoose(second, have - lowest - i) - whole),
  );
  return { lowest, probabilities };
}

function lnChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
}

function convolve(one: Float64Array, other: Float64Array): Float64Array<ArrayBuffer> {
  const result = new Float64Array(one.length + other.length - 1);
  one.forEach((p, i) => {
    if (p > 0) other.forEach((q, j) => (result[i + j] = (result[i + j] as number) + p * q));
  });
  return result;
}

/** From the smallest on, so that a tail keeps its digits. */
function sum(values: Float64Array): number {
  return Math.min(
    1,
    values.toSorted().reduce((total, value) => total + value, 0),
  );
}
