import type { KeyIdentifier } from "./administration/api-keys/identify.ts";
import type { EvidenceObserver } from "./collection/evidence-observer.ts";
import type { Config } from "./config.ts";
import type { ProcessMetrics } from "./http/process-metrics.ts";
import type { DatabaseConnection } from "./database/index.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import type { CandidateObserver, CandidateVetter, PinnedCaseSource } from "./learning/candidate-observer.ts";
import type { TrainingBackends } from "./learning/fine-tuning/backends/backend.ts";
import type { ExperimentObserver } from "./evaluation/experiment-observer.ts";
import type { Log } from "./log.ts";
import type { EmbedderProvider } from "./models/create-embedder.ts";
import type { ModelProvider } from "./models/create-language-model.ts";
import type { Webhooks } from "./outgoing/create-webhooks.ts";

/** What one process shares between all its requests and jobs; made by hand in `compose.ts`. */
export interface Services {
  readonly config: Config;
  readonly database: DatabaseConnection;
  readonly jobs: JobQueue;
  readonly log: Log;
  readonly keys: KeyIdentifier;
  readonly metrics: ProcessMetrics;
  readonly models: ModelProvider;
  readonly embedders: EmbedderProvider;
  /** What fine-tunes; by the name in a run's config. */
  readonly trainingBackends: TrainingBackends;
  /** The URLs that users name are called through this. */
  readonly webhooks: Webhooks;
  /** What later layers do with new evidence, in the transaction that stores it. */
  readonly evidenceObservers: readonly EvidenceObserver[];
  /** What later layers do with a candidate that passed the gate, in the transaction that completes its run. */
  readonly candidateObservers: readonly CandidateObserver[];
  /** The regression cases that a gate holds a candidate to. */
  readonly pinnedCases: PinnedCaseSource;
  /** Holds a candidate to the gate before its run makes it a version. */
  readonly vetCandidate: CandidateVetter;
  /** What later layers do when an experiment is decided, in the transaction of the decision. */
  readonly experimentObservers: readonly ExperimentObserver[];
}
