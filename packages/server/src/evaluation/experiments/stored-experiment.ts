import type {
  ArmEstimate,
  ExperimentHealth,
  HarmEvidence,
  MetricComparison,
  UnitMetric,
} from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { LearningExperimentsTable } from "../../database/schema.ts";
import type { SubjectSums } from "../exposures/index.ts";
import type { HarmState } from "./harm-watch.ts";

export type ExperimentRow = Selectable<LearningExperimentsTable>;

/** The `analysis` column: what the tests have seen, and what they said at the last look. */
export interface StoredAnalysis {
  sums: SubjectSums;
  harm: HarmState;
  clock: RunningClock;
  comparisons: MetricComparison[];
  harmEvidence: HarmEvidence[];
  missing: string[];
}

/** Time that an experiment was paused does not count. */
export interface RunningClock {
  pausedMilliseconds: number;
  /** RFC 3339; null while it runs. */
  pausedSince: string | null;
}

const NOTHING: StoredAnalysis = {
  sums: {},
  harm: {},
  clock: { pausedMilliseconds: 0, pausedSince: null },
  comparisons: [],
  harmEvidence: [],
  missing: ["The experiment has not been started."],
};

const UNKNOWN_HEALTH: ExperimentHealth = {
  status: "unknown",
  reasons: ["The experiment has not been started."],
  crossover_share: 0,
  sample_ratio: { ln_bayes_factor: 0, alarm: false, p_value: null },
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
  primary: UnitMetric;
} {
  return {
    control: row.control_percentage ?? 50,
    treatment: row.treatment_percentage ?? 50,
    minimumHours: row.min_duration_hours ?? 168,
    minimumUnits: row.min_sample_size ?? 1000,
    primary: row.primary_metric as UnitMetric,
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
