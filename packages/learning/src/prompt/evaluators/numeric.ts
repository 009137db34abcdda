import { type Evaluator, verdict } from "./evaluator.ts";

export interface NumericTolerance {
  /** Largest absolute difference that is right. */
  absolute?: number;
  /** Largest difference relative to the expected number that is right, such as 0.01. */
  relative?: number;
}

// A comma followed by three digits groups thousands; the optional exponent is only taken with its digits.
const NUMBER = /[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+−]?\.\d+/gu;
const LONGEST = 100_000;

/**
 * Right when the last number of the output is within either tolerance of the last number of the expected text
 * (the last, because models work towards their answer). A dot is the decimal sign; commas group thousands.
 */
export function numeric({ absolute = 0, relative = 0 }: NumericTolerance = {}): Evaluator {
  if (!(absolute >= 0 && relative >= 0)) throw new RangeError("Tolerances must be at least 0");
  return ({ output, expected }) => {
    const wanted = lastNumber(expected);
    if (wanted === undefined) return verdict(false, "The expected text of this row has no number.");
    const given = lastNumber(output);
    if (given === undefined) return verdict(false, `Expected the number ${wanted}, got no number.`);
    // Binary rounding must not make 0.3 miss 0.1 + 0.2.
    const slack = 4 * Number.EPSILON * Math.max(Math.abs(wanted), Math.abs(given));
    const allowed = Math.max(absolute, relative * Math.abs(wanted)) + slack;
    return verdict(Math.abs(given - wanted) <= allowed, `Expected ${wanted}, got ${given}.`);
  };
}

function lastNumber(text: string): number | undefined {
  const last = text.slice(-LONGEST).match(NUMBER)?.at(-1);
  if (last === undefined) return undefined;
  const value = Number(last.replaceAll(",", "").replace("−", "-"));
  return Number.isFinite(value) ? value : undefined;
}
