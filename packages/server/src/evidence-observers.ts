import type { EvidenceObserver } from "./collection/evidence-observer.ts";
import { examplesFromEvidence } from "./curation/examples/index.ts";
import { exposureObserver } from "./evaluation/exposures/index.ts";

/** What happens with new evidence, in this order, in the transaction that stores it. */
export const evidenceObservers: readonly EvidenceObserver[] = [examplesFromEvidence, exposureObserver];
