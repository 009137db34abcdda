import type {
  ArmEstimate,
  ExperimentHealth,
  ExperimentPower,
  HarmEvidence,
  Inference,
  MetricComparison,
} from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { LearningExperimentsTable } from "../../database/schema.ts";
import type { SubjectSums } from "../exposures/index.ts";
import type { Conclusion } from "./analyse-experiment.ts";
import type { HarmState } from "./harm-watch.ts";

export type ExperimentRow = Selectable<LearningExperimentsTable>;

/** What the tests have seen: kept apart from the experiment, which lists read. */
export interface ExperimentState {
  sums: SubjectSums;
  harm: HarmState;
}

/** The `analysis` column: what the tests said at the last look. */
export interface StoredAnalysis {
  clock: RunningClock;
  /** Exposed units by arm. */
  samples: Record<string, number>;
  estimates: Record<string, Record<string, ArmEstimate>>;
  comparisons: MetricComparison[];
  harmEvidence: HarmEvidence[];
  missing: string[];
  power: ExperimentPower | null;
  concluded: Conclusion | null;
  /** RFC 3339, of the last look that was kept. */
  keptAt: string | null;
}

/** Time that an experiment was paused does not count. */
export interface RunningClock {
  pausedMilliseconds: number;
  /** RFC 3339; null while it runs. */
  pausedSince: string | null;
}

const NOTHING: StoredAnalysis = {
  clock: { pausedMilliseconds: 0, pausedSince: null },
  samples: {},
  estimates: {},
  comparisons: [],
  harmEvidence: [],
  missing: ["The experiment has not been started."],
  power: null,
  concluded: null,
  keptAt: null,
};

const UNKNOWN_HEALTH: ExperimentHealth = {
  status: "unknown",
  reasons: ["The experiment has not been started."],
  crossover_share: 0,
  sample_ratio: { ln_bayes_factor: 0, alarm: false, p_value: null },
  covariates: [],
};

export function storedAnalysis(row: ExperimentRow): StoredAnalysis {
  return { ...NOTHING, ...(row.analysis as unknown as Partial<StoredAnalysis>) };
}

export function storedHealth(row: ExperimentRow): ExperimentHealth {
  return { ...UNKNOWN_HEALTH, ...(row.health as unknown as Partial<ExperimentHealth>) };
}

export function armMetrics(value: ExperimentRow["control_metrics"]): Record<string, ArmEstimate> {
  return (value ?? {}) as unknown as Record<string, ArmEstimate>;
}

/** Columns that the guide leaves nullable, with the defaults that they are never without. */
export function settingsOf(row: ExperimentRow): {
  control: number;
  treatment: number;
  minimumHours: number;
  minimumUnits: number;
  primary: string;
  inference: Inference;
  minimumEffect: number | null;
} {
  return {
    control: row.control_percentage ?? 50,
    treatment: row.treatment_percentage ?? 50,
    minimumHours: row.min_duration_hours ?? 168,
    minimumUnits: row.min_sample_size ?? 1000,
    primary: row.primary_metric,
    inference: row.inference as Inference,
    minimumEffect: row.minimum_effect,
  };
}

/** Hours that the experiment ran until `now` or its end, pauses not counted. */
export function runningHours(
  row: Pick<ExperimentRow, "started_at" | "ended_at">,
  clock: RunningClock,
  now: Date,
): number {
  if (row.started_at === null) return 0;
  const until = (row.ended_at ?? now).getTime();
  const pausedNow = clock.pausedSince === null ? 0 : Math.max(0, until - Date.parse(clock.pausedSince));
  return Math.max(0, until - row.started_at.getTime() - clock.pausedMilliseconds - pausedNow) / 3_600_000;
}
