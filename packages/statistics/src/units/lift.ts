import { requireCount, requireFinite, requireNonNegative } from "../invalid-argument.ts";
import type { ArmSummary } from "./arm-summary.ts";

/** `absolute`: treatment - control. `relative`: (treatment - control) / |control|. */
export type LiftScale = "absolute" | "relative";

/** The estimated difference of two arms: what the fixed, the sequential and the Bayesian methods all start from. */
export interface Lift {
  readonly scale: LiftScale;
  readonly estimate: number;
  /** Variance of `estimate`. */
  readonly variance: number;
  /** Of Welch and Satterthwaite. */
  readonly degreesOfFreedom: number;
  /** Units of both arms. */
  readonly n: number;
  /** Units of the smaller arm. */
  readonly smallerArm: number;
}

/**
 * The lift of `treatment` over `control`. Its variance is v_B / n_B + v_A / n_A; relative, by the delta method,
 * v_B / (n_B m_A^2) + v_A m_B^2 / (n_A m_A^4).
 *
 * @returns `undefined` where nothing can be inferred: no variance in either arm, or a relative lift over a control mean of 0
 */
export function liftOf(control: ArmSummary, treatment: ArmSummary, scale: LiftScale): Lift | undefined {
  requireSummary("control", control);
  requireSummary("treatment", treatment);
  const controlVariance = control.variance / control.n;
  const treatmentVariance = treatment.variance / treatment.n;
  if (controlVariance + treatmentVariance === 0) return undefined;
  const common = {
    degreesOfFreedom: welchDegreesOfFreedom(control, treatment),
    n: control.n + treatment.n,
    smallerArm: Math.min(control.n, treatment.n),
  };
  const difference = treatment.mean - control.mean;
  if (scale === "absolute") {
    return { scale, estimate: difference, variance: controlVariance + treatmentVariance, ...common };
  }
  const base = Math.abs(control.mean);
  const ratio = treatment.mean / control.mean;
  const variance = (treatmentVariance + controlVariance * ratio * ratio) / (base * base);
  if (!(variance > 0 && variance < Infinity)) return undefined;
  return { scale, estimate: difference / base, variance, ...common };
}

/** (v_A / n_A + v_B / n_B)^2 over the sum of (v / n)^2 / (n - 1). */
export function welchDegreesOfFreedom(control: ArmSummary, treatment: ArmSummary): number {
  const a = control.variance / control.n;
  const b = treatment.variance / treatment.n;
  // Divided by the larger one first: squares of tiny variances would underflow.
  const larger = Math.max(a, b);
  const [x, y] = [a / larger, b / larger];
  return (x + y) ** 2 / ((x * x) / (control.n - 1) + (y * y) / (treatment.n - 1));
}

function requireSummary(argument: string, summary: ArmSummary): void {
  requireCount(`${argument}.n`, summary.n, 2);
  requireFinite(`${argument}.mean`, summary.mean);
  requireNonNegative(`${argument}.variance`, summary.variance);
}
