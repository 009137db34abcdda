import type {
  ArmEstimate,
  ExperimentHealth,
  ExperimentMetric,
  ExperimentPower,
  HarmEvidence,
  Inference,
  MetricComparison,
} from "@agent-learning/contract";
import { type ArmBelief, combineStrata, type Lift, liftOf } from "@agent-learning/statistics";
import { type SubjectSums, sumsOf } from "../exposures/index.ts";
import { assessHealth } from "./assess-health.ts";
import { compareMetrics, type TestedComparison, withoutInference } from "./compare-metrics.ts";
import { decideExperiment, type ExperimentVerdict } from "./decide-experiment.ts";
import { foreseeEnd } from "./foresee-end.ts";
import { harmEvidence, type HarmState } from "./harm-watch.ts";
import { addUp, armPeriod } from "./arm-periods.ts";
import { estimateArm, measureArm } from "./measure-arm.ts";

/** Below this the confidence sequence is not valid, whatever a policy says. */
const LEAST_UNITS = 1000;

export interface AnalysisInput {
  sums: SubjectSums;
  harm: HarmState;
  /** The control first. A closed arm takes no units any more, and cannot win. */
  arms: readonly { name: string; closed: boolean }[];
  /** Of each period of the allocation, the intended shares of the arms, in any unit. */
  shares: readonly (readonly number[])[];
  metrics: readonly ExperimentMetric[];
  primary: string;
  inference: Inference;
  minimumEffect: number | null;
  minimumUnits: number;
  minimumHours: number;
  runningHours: number;
  now: Date;
  alpha: number;
  requiredSignificance: number;
  /** What a fixed horizon concluded at its end; it stays. */
  concluded: Conclusion | null;
  /** The experiment has ended. */
  final: boolean;
}

/** The one analysis of a fixed horizon. */
export interface Conclusion {
  at: string;
  comparisons: MetricComparison[];
  verdict: ExperimentVerdict;
}

export interface Analysis {
  health: ExperimentHealth;
  /** Exposed units by arm. */
  units: Record<string, number>;
  comparisons: MetricComparison[];
  /** By arm and metric. */
  estimates: Record<string, Record<string, ArmEstimate>>;
  harm: HarmEvidence[];
  verdict: ExperimentVerdict;
  power: ExperimentPower | null;
  concluded: Conclusion | null;
  /** Of each open arm, the control first, the mean of the primary metric; null while one has too few units. */
  beliefs: (ArmBelief & { arm: string })[] | null;
}

/** Measured units that each arm has before a bandit believes anything. */
const LEAST_BELIEVED = 100;

function beliefsOf(input: AnalysisInput): Analysis["beliefs"] {
  const metric = input.metrics.find((one) => one.name === input.primary);
  const open = input.arms.filter((arm) => !arm.closed).map((arm) => arm.name);
  if (metric === undefined) return null;
  const summaries = combineStrata(
    input.shares.map((_, stage) =>
      open.map((arm) => measureArm(metric, armPeriod(input.sums, stage, arm, metric.name))?.summary),
    ),
  );
  if (summaries === undefined || summaries.some(({ n, variance }) => n < LEAST_BELIEVED || variance <= 0)) {
    return null;
  }
  return summaries.map(({ n, mean, variance }, index) => ({
    arm: open[index] ?? "",
    mean,
    deviation: Math.sqrt(variance / n),
  }));
}

/** How the covariate of an arm's exposed units differs from that of the control's. */
function covariateLift(input: AnalysisInput, metric: string, arm: string): Lift | undefined {
  const summaries = input.shares.map((_, stage) =>
    ["control", arm].map((name) => {
      const covariate = sumsOf(input.sums, stage, name, metric).covariate;
      if (!covariate || covariate.units < 2) return undefined;
      const { units: n, sum, sumSquares } = covariate;
      return { n, mean: sum / n, variance: Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1)) };
    }),
  );
  const [control, treatment] = combineStrata(summaries) ?? [];
  return control === undefined || treatment === undefined
    ? undefined
    : liftOf(control, treatment, "absolute");
}

function healthOf(input: AnalysisInput): ExperimentHealth {
  const names = input.arms.map((arm) => arm.name);
  const exposure = (stage: number, pick: "n" | "sum"): number[] =>
    names.map((name) => sumsOf(input.sums, stage, name, "exposure")[pick]);
  return assessHealth({
    arms: names,
    periods: input.shares.map((weights, stage) => ({
      units: exposure(stage, "n"),
      crossovers: exposure(stage, "sum"),
      weights,
    })),
    runningHours: input.runningHours,
    covariates: input.metrics
      .filter((metric) => metric.covariate)
      .flatMap(({ name: metric }) =>
        names.slice(1).map((arm) => ({ metric, arm, lift: covariateLift(input, metric, arm) })),
      ),
    final: input.final,
  });
}

function compare(input: AnalysisInput, minimumUnits: number): TestedComparison[] {
  const stages = input.shares.map((_, stage) => stage);
  const at = (metric: string, arm: string, stage: number) => armPeriod(input.sums, stage, arm, metric);
  const compared = input.arms.slice(1).flatMap(({ name: arm }) =>
    input.metrics.map((metric) => {
      const periods = stages.map((stage) => ({
        control: at(metric.name, "control", stage),
        treatment: at(metric.name, arm, stage),
      }));
      return {
        metric,
        arm,
        periods,
        control: addUp(periods.map((period) => period.control)),
        treatment: addUp(periods.map((period) => period.treatment)),
      };
    }),
  );
  return compareMetrics(compared, {
    inference: input.inference,
    primary: input.primary,
    alpha: input.alpha,
    minimumPerArm: minimumUnits,
  });
}

/** Everything that an experiment's sums say: health first, then each metric, then the verdict. */
export function analyseExperiment(input: AnalysisInput): Analysis {
  const health = healthOf(input);
  const minimumUnits = Math.max(LEAST_UNITS, input.minimumUnits);
  const all = (arm: string, metric: string) =>
    addUp(input.shares.map((_, stage) => armPeriod(input.sums, stage, arm, metric)));
  const measured = (arm: string): number => {
    const metric = input.metrics.find((one) => one.name === input.primary);
    const period = all(arm, input.primary);
    return metric?.per === "unit" ? period.exposed : period.moments.n;
  };
  const units = Object.fromEntries(input.arms.map(({ name }) => [name, all(name, input.primary).exposed]));
  const harm = harmEvidence(input.harm, {
    treatments: input.arms.slice(1).map((arm) => arm.name),
    metrics: input.metrics,
    alpha: input.alpha,
  });
  const tested = compare(input, minimumUnits);
  const isOf = (arm: string) => (one: TestedComparison) => one.comparison.arm === arm;
  const decide = (comparisons: readonly TestedComparison[]): ExperimentVerdict =>
    decideExperiment({
      primary: input.primary,
      inference: input.inference,
      health,
      control: { units: units["control"] ?? 0, measured: measured("control") },
      treatments: input.arms
        .slice(1)
        .filter((arm) => !arm.closed)
        .map(({ name }) => ({
          arm: name,
          units: units[name] ?? 0,
          measured: measured(name),
          harmed: harm.some((evidence) => evidence.arm === name && evidence.breached),
          comparisons: comparisons.filter(isOf(name)).map((one) => one.comparison),
          verdictAllowed: comparisons.some(
            (one) => one.comparison.primary && isOf(name)(one) && one.verdictAllowed,
          ),
        })),
      minimumUnits,
      runningHours: input.runningHours,
      minimumHours: input.minimumHours,
      requiredSignificance: input.requiredSignificance,
    });
  let verdict = decide(tested);
  let comparisons = tested.map((one) => one.comparison);
  let { concluded } = input;
  if (input.inference === "fixed_horizon") {
    if (concluded === null && !verdict.over) {
      comparisons = tested.map((one) => withoutInference(one).comparison);
      verdict = decide(tested.map(withoutInference));
    }
    concluded ??= verdict.over ? { at: input.now.toISOString(), comparisons, verdict } : null;
    // The first analysis is the only one; that harm was found since, or that the split broke, still counts.
    if (concluded !== null) {
      comparisons = concluded.comparisons;
      const sound = health.status !== "unhealthy";
      verdict = {
        ...concluded.verdict,
        harmed: verdict.harmed,
        winner: sound ? concluded.verdict.winner : null,
        winningArm: sound ? concluded.verdict.winningArm : null,
        missing: sound ? concluded.verdict.missing : health.reasons,
      };
    }
  }
  const leading = leadingOf(tested, verdict, input);
  return {
    health,
    units,
    comparisons,
    estimates: Object.fromEntries(
      input.arms.map(({ name }) => [
        name,
        Object.fromEntries(
          input.metrics.map((metric) => [metric.name, estimateArm(metric, all(name, metric.name))]),
        ),
      ]),
    ),
    harm,
    verdict,
    power:
      leading === undefined
        ? null
        : foreseeEnd({
            metric: input.primary,
            inference: input.inference,
            control: leading.pair.control,
            treatment: leading.pair.treatment,
            relative: leading.pair.relative,
            minimumEffect: input.minimumEffect,
            alpha: leading.comparison.interval_level,
            units: Math.min(measured("control"), measured(leading.comparison.arm)),
            minimumUnits,
            runningHours: input.runningHours,
            minimumHours: input.minimumHours,
            now: input.now,
          }),
    concluded,
    beliefs: beliefsOf(input),
  };
}

/** The primary comparison of the winner, or of the open treatment that is furthest. */
function leadingOf(
  tested: readonly TestedComparison[],
  verdict: ExperimentVerdict,
  input: AnalysisInput,
): TestedComparison | undefined {
  const open = new Set(input.arms.filter((arm) => !arm.closed).map((arm) => arm.name));
  const primaries = tested.filter(({ comparison }) => comparison.primary && open.has(comparison.arm));
  return (
    primaries.find(({ comparison }) => comparison.arm === verdict.winningArm) ??
    primaries.toSorted((a, b) => (a.comparison.p_value ?? 1) - (b.comparison.p_value ?? 1))[0]
  );
}
