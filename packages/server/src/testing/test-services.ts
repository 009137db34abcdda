import type { Role } from "@agent-learning/contract";
import { createKeyIdentifier } from "../administration/api-keys/identify.ts";
import { readConfig } from "../config.ts";
import type { Actor, Context } from "../context.ts";
import { createProcessMetrics } from "../http/process-metrics.ts";
import { createContext } from "../create-context.ts";
import type { DatabaseConnection } from "../database/index.ts";
import type { EnqueueOptions, JobData, JobQueue } from "../jobs/job-queue.ts";
import { contextBackend } from "../learning/fine-tuning/backends/context.ts";
import { createLog } from "../log.ts";
import { createEmbedderProvider } from "../models/create-embedder.ts";
import { createModelProvider } from "../models/create-language-model.ts";
import { createWebhooks } from "../outgoing/create-webhooks.ts";
import type { Services } from "../services.ts";
import type { TestOrganization } from "./test-organization.ts";

/** A job that a verb enqueued, and whose transaction committed. */
export interface EnqueuedJob {
  name: string;
  data: JobData;
  options: EnqueueOptions;
}

/** A queue that runs nothing and remembers what committed transactions enqueued. */
export interface RecordingJobQueue extends JobQueue {
  readonly enqueued: EnqueuedJob[];
}

export function recordingJobQueue(): RecordingJobQueue {
  const enqueued: EnqueuedJob[] = [];
  return {
    enqueued,
    enqueue: async (ctx, name, data, options = {}) => {
      const job = { name, data: { ...data, organizationId: ctx.organizationId }, options };
      ctx.afterCommit(() => void enqueued.push(job));
    },
    start: async () => undefined,
    tick: async () => undefined,
    redrive: async () => 0,
    stop: async () => undefined,
  };
}

/** Services over a test's database; `jobs` records unless another queue is given. The log is silent. */
export function createTestServices(
  database: DatabaseConnection,
  overrides: Partial<Services> = {},
): Services {
  return {
    config: { ...readConfig({}), checkResponses: true, allowClock: true, tickMilliseconds: 100 },
    database,
    jobs: recordingJobQueue(),
    log: createLog("silent"),
    keys: createKeyIdentifier(database),
    metrics: createProcessMetrics(),
    models: createModelProvider({ kind: "none" }),
    embedders: createEmbedderProvider(undefined),
    trainingBackends: new Map([[contextBackend.name, contextBackend]]),
    webhooks: createWebhooks({ allowPrivate: false, secret: undefined }),
    evidenceObservers: [],
    candidateObservers: [],
    pinnedCases: async () => [],
    vetCandidate: async () => undefined,
    experimentObservers: [],
    ...overrides,
  };
}

/** A context as one of a test organization's members, or as its secret key. */
export function createTestContext(
  services: Services,
  organization: TestOrganization,
  as: Role | "secret" | "publishable" = "admin",
): Context {
  let actor: Actor;
  if (as === "secret" || as === "publishable") {
    const keyId = organization[as].id;
    actor = { kind: "machine", keyKind: as, keyId };
  } else {
    const member = organization.members[as];
    actor = { kind: "user", userId: member.id, role: member.role, keyId: member.keyId };
  }
  return createContext(services, organization.id, actor);
}
