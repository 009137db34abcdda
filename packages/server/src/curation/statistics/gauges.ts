import type { Decision } from "@agent-learning/contract";

/** The day under which counters that also go down are kept: they belong to no day. */
export const GAUGE_DAY = "1970-01-01";

/** Annotations that are wanted and not in yet. */
export const OPEN_ANNOTATIONS = "open_annotations";

/** Examples that were ever made. */
export const TOTAL_EXAMPLES = "total_examples";

/** Counter of the quality, 0 to 1, that annotations with this decision gave. */
export function qualityMetric(decision: Decision): string {
  return `annotation_quality:${decision}`;
}

/** Counter of examples whose quality score lies in [tenth / 10, (tenth + 1) / 10); 1 counts as the last tenth. */
export function qualityTenth(score: number): number {
  // Scores have two decimals: 0.3 * 10 must not become 2.999….
  return Math.min(9, Math.floor(Math.round(score * 100) / 10));
}
