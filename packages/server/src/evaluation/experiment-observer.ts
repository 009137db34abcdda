import type { ExperimentDecision, ExperimentWinner } from "@agent-learning/contract";
import type { TenantContext } from "../context.ts";

/** An experiment at the moment of its decision. */
export interface DecidedExperiment {
  id: string;
  agentId: string;
  controlVersionId: string;
  treatmentVersionId: string;
  trainingRunId: string | null;
  decision: ExperimentDecision;
  winner: ExperimentWinner | null;
  /** 0 to 1; null when nothing could be inferred. */
  significance: number | null;
  /** Null: the policy decided. */
  decidedBy: string | null;
}

/** How deployment learns of a decision without evaluation knowing it. Called in the transaction of the decision. */
export interface ExperimentObserver {
  experimentDecided(ctx: TenantContext, experiment: DecidedExperiment): Promise<void>;
}
