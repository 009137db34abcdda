import { attemptAlpha } from "@agent-learning/statistics";
import type { Candidate } from "../candidate.ts";
import type { Row } from "../rows.ts";
import { type GateCheck, structuralChecks } from "./structural-checks.ts";
import { type PairedComparison, pairedComparison, type PairedScore } from "./paired-comparison.ts";
import { type GainProof, proveGain } from "./prove-gain.ts";
import { explainVerdict } from "./explain-verdict.ts";
import type { TokenLimits } from "./token-growth.ts";

/** `send_to_experiment` = better on the rows at hand, but not provably: an A/B arm may decide. */
export type GateVerdict = "promote" | "send_to_experiment" | "reject";

/** A pinned example and whether the candidate still answers it right. */
export interface PinnedResult {
  id: string;
  passes: boolean;
}

export interface GateInput {
  seed: Candidate;
  candidate: Candidate;
  /** Both sides on rows that no optimizer saw. */
  scores: readonly PairedScore[];
  pinned?: readonly PinnedResult[];
  /** What the optimizers saw: instructions must not copy it. */
  training?: readonly Row[];
  /** How many candidates were tested on this split before, plus one. */
  attempt?: number;
  /** One-sided error level over all attempts on this split; default 0.05. */
  level?: number;
  /** Divides the level of this attempt further, for several finalists; default 1. */
  comparisons?: number;
  requiredLiterals?: readonly string[];
  tokenLimits?: Partial<TokenLimits>;
  randomSeed?: string;
}

export interface GateReport {
  verdict: GateVerdict;
  /** For people, most important first. */
  reasons: string[];
  comparison: PairedComparison;
  proof: GainProof;
  attempt: number;
  checks: GateCheck[];
}

/**
 * The decision on one candidate. Rejects what breaks a structural promise (pinned examples, literals, copied text, size) or is not
 * better at all; promotes what is provably better at this attempt's level, 6α/(π²i²); sends the rest to an A/B experiment.
 * More wins in place of ties or losses never lower the verdict.
 */
export function gate(input: GateInput): GateReport {
  const { scores, attempt = 1, level = 0.05, comparisons = 1, randomSeed = "gate" } = input;
  const comparison = pairedComparison(scores, { randomSeed });
  const proof = proveGain(scores, comparison, {
    level: attemptAlpha(level, attempt) / comparisons,
    randomSeed,
  });
  const checks = structuralChecks(input);
  const verdict = decide(checks, comparison, proof);
  return {
    verdict,
    reasons: explainVerdict({ verdict, checks, comparison, proof, attempt }),
    comparison,
    proof,
    attempt,
    checks,
  };
}

function decide(checks: readonly GateCheck[], comparison: PairedComparison, proof: GainProof): GateVerdict {
  if (checks.some((check) => !check.passed) || comparison.difference <= 0) return "reject";
  return proof.proven ? "promote" : "send_to_experiment";
}
