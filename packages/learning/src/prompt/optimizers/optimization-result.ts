import type { Candidate } from "../candidate.ts";
import type { LedgerSnapshot } from "../ledger.ts";
import type { Contradiction } from "../rows.ts";
import type { StopReason } from "./optimizer.ts";

export interface TrialSummary {
  hash: string;
  origin: string;
  selection: string;
  demonstrations: number;
  promptTokens: number;
  rows: number;
  score: number;
  standardError: number;
  /** The score by which trials are compared. */
  shrunkScore: number;
}

export interface OptimizationResult {
  /** The seed itself when nothing is expected to be better. */
  best: Candidate;
  bestHash: string;
  seedHash: string;
  seedKept: boolean;
  /** Up to three candidates for the gate, best first; empty when the seed is kept. */
  finalists: { hash: string; candidate: Candidate }[];
  /** All measured candidates, best first. */
  trials: TrialSummary[];
  stoppedBecause: Record<string, StopReason>;
  /** What a person should know, as sentences. */
  notes: string[];
  contradictions: Contradiction[];
  ledger: LedgerSnapshot;
}
