import { releaseRetrieval, stageCandidate } from "./deployment/rollouts/index.ts";
import { draftExperimentObserver } from "./evaluation/experiments/index.ts";
import type { CandidateObserver } from "./learning/candidate-observer.ts";

/** What happens with a candidate that passed the gate, in this order, in the transaction that completes its run. */
export const candidateObservers: readonly CandidateObserver[] = [
  stageCandidate,
  draftExperimentObserver,
  releaseRetrieval,
];
