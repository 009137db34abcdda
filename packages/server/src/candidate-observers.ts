import type { CandidateObserver, PinnedCaseSource } from "./learning/candidate-observer.ts";

/** What happens with a candidate that passed the gate, in this order, in the transaction that completes its run. */
export const candidateObservers: readonly CandidateObserver[] = [];

/** The regression cases that a gate holds a candidate to. */
export const pinnedCases: PinnedCaseSource = async () => [];
