import type { Experiment, ExperimentResults, MetricComparison } from "../../api/types.ts";

/** The treatments of an experiment by name, the first one first. */
export function treatmentsOf({ additionalTreatments }: Experiment): string[] {
  return ["treatment", ...additionalTreatments.map(({ name }) => name)];
}

/** An arm as it is called on the page: `Treatment`, or the name that was given to it. */
export function armWord(arm: string, arms: readonly string[]): string {
  if (arm === "control") return "Control";
  return arm === "treatment" ? (arms.length > 1 ? "First treatment" : "Treatment") : arm;
}

/** The comparisons of the metric that decides, one for each treatment. */
export function primariesOf(results: ExperimentResults): MetricComparison[] {
  return results.metrics.filter(({ primary }) => primary);
}

/** Share of all units that an arm is meant to get, 0 to 1. */
export function intendedShare(experiment: Experiment, arm: string): number {
  const weight = (name: string): number =>
    name === "control"
      ? experiment.controlPercentage
      : name === "treatment"
        ? experiment.treatmentPercentage
        : (experiment.additionalTreatments.find((one) => one.name === name)?.percentage ?? 0);
  const all = ["control", ...treatmentsOf(experiment)].reduce((sum, name) => sum + weight(name), 0);
  return all === 0 ? 0 : weight(arm) / all;
}

/** The version that an arm’s units get. */
export function versionOf(experiment: Experiment, arm: string): string {
  if (arm === "control") return experiment.controlConfig.version_id;
  if (arm === "treatment") return experiment.treatmentConfig.version_id;
  return experiment.additionalTreatments.find(({ name }) => name === arm)?.config.version_id ?? "";
}
