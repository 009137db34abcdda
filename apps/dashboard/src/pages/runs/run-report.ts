import type { TrainingRun } from "../../api/types.ts";

/** What the gate measured; every field may be missing, since each way of learning reports what it has. */
export interface GateReport {
  rows?: number;
  wins?: number;
  losses?: number;
  p_value?: number;
  verdict?: string;
  reasons?: string[];
  interval?: [number, number];
  difference?: number;
  baseline_score?: number;
  candidate_score?: number;
}

export interface Trial {
  hash: string;
  rows: number;
  score: number;
  standardError?: number;
  origin?: string;
  selection?: string;
  demonstrations?: number;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function gateOf(run: TrainingRun): GateReport | undefined {
  const gate = run.metrics["gate"];
  return isObject(gate) ? (gate as GateReport) : undefined;
}

export function trialsOf(run: TrainingRun): Trial[] {
  const trials = run.metrics["trials"];
  return Array.isArray(trials)
    ? (trials.filter(isObject) as unknown as Trial[]).filter(({ score }) => typeof score === "number")
    : [];
}

/** Sentences that say why it ended as it did. */
export function reasonsOf(run: TrainingRun): string[] {
  const reasons = gateOf(run)?.reasons ?? run.metrics["reasons"];
  return Array.isArray(reasons)
    ? reasons.filter((reason): reason is string => typeof reason === "string")
    : [];
}

/** What happened in one sentence. */
export function describeRun(run: TrainingRun): string {
  if (run.status === "failed")
    return typeof run.error?.["message"] === "string" ? run.error["message"] : "It failed.";
  if (run.status === "cancelled") return "It was cancelled; nothing was kept.";
  if (run.status === "pending") return "It waits for a worker.";
  if (run.status === "running") return `It is learning: ${run.progressPercentage} % done.`;
  return reasonsOf(run)[0] ?? "It is complete.";
}
