import type {
  AgentVersionConfig,
  FineTuningBackend,
  JsonValue,
  TrainingArtifactKind,
} from "@agent-learning/contract";
import type { Context } from "../../../context.ts";
import type { BackendHandle } from "../run-state.ts";
import type { Patience } from "../watch.ts";
import type { FineTuningSettings, Hyperparameters } from "../settings.ts";

/** What a run learns from and how: everything that a back end needs to know. */
export interface TrainingPlan {
  runId: string;
  agentId: string;
  /** Undefined: it learns from retrievals, by the method `embedding`. */
  datasetId: string | undefined;
  /** Until when evidence counts: when the run was drafted. */
  until: Date;
  base: { id: string; config: AgentVersionConfig };
  settings: FineTuningSettings;
  hyperparameters: Hyperparameters;
}

/** The dataset of a run that has one. */
export function datasetOf({ datasetId }: Pick<TrainingPlan, "datasetId">): string {
  if (datasetId === undefined) throw new Error("the run learns from no dataset");
  return datasetId;
}

/** Why a run cannot go on. `infrastructure` is tried again, everything else is not. */
export interface TrainingFault {
  kind: "data" | "numeric" | "infrastructure" | "internal";
  message: string;
}

/** A back end refuses for a reason that asking again does not change. */
export class TrainingRefused extends Error {
  override name = "TrainingRefused";
  readonly kind: TrainingFault["kind"] | "environment";

  constructor(kind: TrainingFault["kind"] | "environment", message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface MetricPoint {
  step: number;
  /** null: it was not a number. Undefined: this point has none. */
  loss?: number | null | undefined;
  [name: string]: JsonValue | undefined;
}

/** What a look at a run showed. */
export interface Observation {
  /** `waiting`: it has not begun. `gone`: the back end knows nothing of it, or its process has died. */
  status: "waiting" | "running" | "paused" | "finished" | "failed" | "cancelled" | "gone";
  step: number | null;
  totalSteps: number | null;
  /** Changes as long as the trainer lives, or waits in a queue that answers; undefined: this back end gives none. */
  heartbeat?: number | undefined;
  metrics: MetricPoint[];
  log: string[];
  cursor: JsonValue;
  fault?: TrainingFault | undefined;
  /** What there is to know besides, to be kept with the handle. */
  handle?: BackendHandle | undefined;
}

/** A file that a run made, still where the trainer put it. */
export interface MadeFile {
  name: string;
  kind: TrainingArtifactKind;
  sha256: string;
  bytes: number;
  /** Where it can be read on this machine. */
  path: string;
}

/** What a run made: files, a model at an endpoint, or a version's config. */
export interface MadeArtifacts {
  files: MadeFile[];
  metrics: Record<string, JsonValue>;
  /** The version that it makes of the base; undefined: nothing that an agent could be served with. */
  candidate(stored: readonly StoredFile[]): AgentVersionConfig | undefined;
  /** What people review, in JSON. */
  summary?: JsonValue | undefined;
}

/** An artifact as it is kept. */
export interface StoredFile {
  id: string;
  name: string;
  kind: TrainingArtifactKind;
  sha256: string;
  bytes: number;
}

/** What a back end takes to estimate a run. */
export interface PlannedWork {
  rows: number;
  /** Tokens of one pass. */
  tokens: number;
}

/**
 * Something that trains. Each call may be repeated, and may come from another process than the last: what it needs to know is in the
 * handle. Rejects only where it cannot tell; the call is then made again at the next look.
 */
export interface TrainingBackend {
  readonly name: FineTuningBackend;
  readonly canPause: boolean;
  /** Where it may be silent for longer than a process beside this server. */
  readonly patience?: Partial<Patience>;
  /** Seconds of waiting before each further try to submit to something that does not answer; at once unless said. */
  readonly retrySeconds?: readonly number[];
  /** What is missing here, with what to do about it; what may pass by itself is not missing. `quick`: without starting anything. */
  missing(ctx: Context, plan: TrainingPlan, quick: boolean): Promise<string[]>;
  /** Seconds that it would take; undefined: nobody can tell. */
  estimateSeconds(plan: TrainingPlan, work: PlannedWork): Promise<number | undefined>;
  /** The handle by which the run will be known: before anything is submitted. The same key always gives the same. */
  reserve(plan: TrainingPlan, idempotencyKey: string): BackendHandle;
  /**
   * Starts it, once for each attempt, however often it is called.
   * @returns the handle, with what has become known
   * @throws TrainingRefused when another attempt would end in the same way; every other error is tried again
   */
  submit(ctx: Context, plan: TrainingPlan, handle: BackendHandle, attempt: number): Promise<BackendHandle>;
  poll(ctx: Context, handle: BackendHandle, cursor: JsonValue): Promise<Observation>;
  /** @throws TrainingRefused when it cannot: the run goes on then */
  pause(handle: BackendHandle): Promise<void>;
  /** @returns false: it is not there any more, and has to be submitted again */
  resume(handle: BackendHandle): Promise<boolean>;
  /** Asks it to stop, or, with `force`, stops it without asking. */
  cancel(handle: BackendHandle, force: boolean): Promise<void>;
  artifacts(ctx: Context, plan: TrainingPlan, handle: BackendHandle): Promise<MadeArtifacts>;
  /** The run has ended and its artifacts are kept: nothing of it is needed any more. */
  forget(handle: BackendHandle): Promise<void>;
}

/** The back ends of this server. */
export type TrainingBackends = ReadonlyMap<FineTuningBackend, TrainingBackend>;
