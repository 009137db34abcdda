import type { FastifyInstance } from "fastify";
import { bootstrap, type BootstrapResult } from "./administration/organizations/bootstrap.ts";
import { createKeyIdentifier } from "./administration/api-keys/identify.ts";
import { verifyFeedbackToken } from "./collection/index.ts";
import type { Config } from "./config.ts";
import { candidateObservers } from "./candidate-observers.ts";
import {
  connectDatabase,
  type DatabaseConnection,
  migrate,
  startEmbeddedMaintenance,
} from "./database/index.ts";
import { experimentObservers } from "./experiment-observers.ts";
import { evidenceObservers } from "./evidence-observers.ts";
import { vetCandidate } from "./evaluation/gates/index.ts";
import { pinnedCases } from "./evaluation/regression/index.ts";
import { createProcessMetrics } from "./http/process-metrics.ts";
import { createServer } from "./http/create-server.ts";
import { jobDefinitions, schedules } from "./job-definitions.ts";
import { createJobQueue } from "./jobs/create-job-queue.ts";
import { createTrainingBackends } from "./learning/index.ts";
import { createLog, type Log } from "./log.ts";
import { createEmbedderProvider } from "./models/create-embedder.ts";
import { createModelProvider } from "./models/create-language-model.ts";
import { createWebhooks } from "./outgoing/create-webhooks.ts";
import { routes } from "./routes.ts";
import type { Services } from "./services.ts";

/** A running process: its services, its HTTP server where the role has one, and the way to stop it. */
export interface Application {
  readonly services: Services;
  readonly server: FastifyInstance;
  readonly bootstrap: BootstrapResult;
  /** Takes no new work, lets what runs end, closes the database. */
  stop(): Promise<void>;
}

/** Builds the services over an open, migrated database. */
export function composeServices(config: Config, database: DatabaseConnection, log: Log): Services {
  const keys = createKeyIdentifier(database);
  const jobs = createJobQueue({
    database,
    definitions: jobDefinitions,
    schedules,
    log,
    tickMilliseconds: config.tickMilliseconds,
  });
  return {
    config,
    database,
    jobs,
    log,
    keys,
    metrics: createProcessMetrics(),
    models: createModelProvider(config.model, {}, config.modelPrice),
    embedders: createEmbedderProvider(config.embedding),
    trainingBackends: createTrainingBackends(config),
    webhooks: createWebhooks(config.webhooks),
    evidenceObservers,
    candidateObservers,
    pinnedCases,
    vetCandidate,
    experimentObservers,
  };
}

/** The HTTP server over the services, not yet listening. */
export function composeServer(services: Services): FastifyInstance {
  return createServer(routes, { services, keys: services.keys, verifyToken: verifyFeedbackToken(services) });
}

/**
 * Opens the database, migrates it, makes the first organization when there is none, and starts the work of the role.
 * The caller listens on `server` (not for the role `worker`).
 */
export async function startApplication(
  config: Config,
  log: Log = createLog(config.logLevel),
): Promise<Application> {
  const database = await connectDatabase({
    databaseUrl: config.databaseUrl,
    dataDirectory: config.dataDirectory,
    poolSize: config.poolSize,
    onConnectionError: (error) => log.warn("a database connection broke; it will be replaced", { error }),
  });
  try {
    const applied = await migrate(database);
    if (applied.length > 0) log.info("migrations applied", { applied });
    const bootstrapped = await bootstrap(database, config.adminKey);
    const services = composeServices(config, database, log);
    const server = composeServer(services);
    await services.jobs.start(services, { work: config.role !== "api" });
    const stopMaintenance =
      database.raw.engine === "pglite"
        ? startEmbeddedMaintenance(database.raw.pglite, log)
        : async (): Promise<void> => undefined;
    return {
      services,
      server,
      bootstrap: bootstrapped,
      stop: async () => {
        await server.close();
        await services.jobs.stop();
        await stopMaintenance();
        await services.models.dispose();
        await services.embedders.dispose();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
