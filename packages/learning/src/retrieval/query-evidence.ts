import type { RelevanceEvidence } from "./chunk-relevance.ts";
import type { RankedCandidate } from "./ranking-features.ts";
import type { Grades } from "./ranking-metrics.ts";

/** One sign about one chunk. */
export interface RelevanceSign extends RelevanceEvidence {
  chunk: string;
  /** Who gave it; the query's actor unless said. */
  actor?: string;
}

/** One query with what is known about what it should have found. */
export interface QueryEvidence {
  id: string;
  query: string;
  actor: string;
  /** When it was asked, milliseconds since 1970. */
  at: number;
  /** The ranking in service, best first or not, at least what was shown. */
  candidates: readonly RankedCandidate[];
  /** Chunks known to be relevant, with how much. Empty: nothing to rank by, but its signs count. */
  grades: Grades;
  /** What was said of the chunks one by one, also against them; left out: that the graded ones are relevant. */
  signs?: readonly RelevanceSign[];
  /** How surely it is known, 0 to 1: 1 for marks and corrections, less for verdicts on whole answers. Default 1. */
  weight?: number;
  /** Guarded groups beside warm and cold: a tenant, a language. */
  slices?: readonly string[];
}
