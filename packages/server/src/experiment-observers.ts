import { releaseWinner } from "./deployment/rollouts/index.ts";
import type { ExperimentObserver } from "./evaluation/experiment-observer.ts";

/** What happens when an experiment is decided, in this order, in the transaction of the decision. */
export const experimentObservers: readonly ExperimentObserver[] = [releaseWinner];
