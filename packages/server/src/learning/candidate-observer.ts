import type { GateReport } from "@agent-learning/learning";
import type { AgentVersionConfig } from "@agent-learning/contract";
import type { Context, TenantContext } from "../context.ts";

/** A candidate version that a way of learning has produced and the gate has let through. */
export interface ReadyCandidate {
  agentId: string;
  candidateVersionId: string;
  baselineVersionId: string;
  trainingRunId: string;
  /** `promote` or `send_to_experiment`; a rejected candidate reaches no observer. */
  verdict: GateReport["verdict"];
  /** Why, in sentences. */
  reasons: readonly string[];
}

/**
 * How later layers take up what was learned without learning knowing them: evaluation drafts the experiment, deployment puts
 * the version on staging. Called inside the transaction that completes the run.
 */
export interface CandidateObserver {
  candidateReady(ctx: TenantContext, candidate: ReadyCandidate): Promise<void>;
}

/** A case that a candidate must answer right, as the gate sees it. */
export interface PinnedCase {
  id: string;
  input: string;
  expected: string;
}

/** Where the gate gets the pinned regression cases from: a port, because evaluation is a later layer. */
export type PinnedCaseSource = (ctx: TenantContext, agentId: string) => Promise<PinnedCase[]>;

/** What the release gate says of a candidate that is no version yet. */
export interface Vetting {
  verdict: "passed" | "failed" | "inconclusive";
  /** Why, as a person reads it. */
  sentence: string;
  /** Keeps the reports, in the transaction that makes the candidate a version. */
  store(ctx: TenantContext, candidateVersionId: string): Promise<void>;
}

/**
 * Holds a candidate to the agent's regression cases and to the safety checks: a port, because evaluation is a later layer. Opens its
 * own transactions. Undefined: the agent's policy wants no gate.
 */
export type CandidateVetter = (
  ctx: Context,
  candidate: {
    agentId: string;
    trainingRunId: string;
    config: AgentVersionConfig;
    baseline: { id: string; config: AgentVersionConfig };
    signal: AbortSignal;
    /** @param share of its work that is done, 0 to 1 */
    onProgress?: ((share: number) => void) | undefined;
  },
) => Promise<Vetting | undefined>;
