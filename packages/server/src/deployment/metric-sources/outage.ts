/** What a source last said. */
export interface SourceReport {
  status: string;
  reason: string | null;
  heartbeat_seconds: number | null;
  reported_at: Date;
}

/** One missed heartbeat may be late; two are not. */
const MISSED_HEARTBEATS = 2;

/** What is wrong with a source at this moment, in a few words; null: nothing is known to be. */
export function outageOf(report: SourceReport, now: Date): string | null {
  if (report.status === "failing") return report.reason ?? "reported as failing";
  if (report.heartbeat_seconds === null) return null;
  const seconds = (now.getTime() - report.reported_at.getTime()) / 1_000;
  return seconds > MISSED_HEARTBEATS * report.heartbeat_seconds
    ? `silent for ${Math.floor(seconds)} s, expected every ${report.heartbeat_seconds} s`
    : null;
}
