import { createReport, LearningError, messageOf } from "../errors.ts";
import { toStorableJson } from "../json.ts";
import { newId } from "../new-id.ts";
import { refreshServing } from "../serving/refresh-serving.ts";
import { guardMemory } from "../serving/assignment-memory.ts";
import { restoreServing } from "../serving/serving-state.ts";
import { createBell, waitFor } from "../telemetry/bell.ts";
import { createDelivery } from "../telemetry/delivery.ts";
import { createItem, type Lane } from "../telemetry/item.ts";
import { createQueue } from "../telemetry/queue.ts";
import { createSend } from "../telemetry/send.ts";
import { emptyStatistics } from "../telemetry/statistics.ts";
import { executionToWire, feedbackToWire, outcomeToWire, retrievalToWire } from "../telemetry/to-wire.ts";
import type { Fetch } from "../transport/fetch.ts";
import type { Learning } from "./learning.ts";
import { type LearningOptions, settleOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { createListeners } from "./listeners.ts";
import { createRun } from "./run.ts";

const FLUSH_MILLISECONDS = 5_000;
const READY_MILLISECONDS = 10_000;
// Evidence waits for the agent's registration, but not for a server that never says anything about it.
const REGISTRATION_MILLISECONDS = 30_000;

/** Adds the key to each request, asked for within the request's own time. */
function withKey(fetch: Fetch, key: LearningOptions["key"]): Fetch {
  return async (url, init) => {
    const authorization = `Bearer ${typeof key === "string" ? key : await key()}`;
    return fetch(url, { ...init, headers: { ...init.headers, authorization } });
  };
}

/**
 * One agent's connection to its learning, on the given platform.
 * @throws TypeError for options that cannot be used
 */
export function composeLearning(platform: Platform, options: LearningOptions): Learning {
  const settled = settleOptions(options);
  const { baseUrl, agentId, environment } = settled;
  const { clock, tools } = platform;
  const report = createReport(options.onError, platform.warn, () => clock.monotonic());
  const statistics = emptyStatistics();
  const answered = createBell();
  const ending = new AbortController();
  let onMore = (): void => undefined;

  // Evidence for one server, agent and environment must not reach another.
  const scope = `${baseUrl.replace(/^https?:\/\//, "")}.${agentId}.${environment}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "_");
  const persistence = platform.persist({ options, scope, clock, report, onMore: () => onMore() });
  const { store, journal } = persistence;
  const { assignments } = options;
  const memory = assignments && guardMemory(assignments);
  const state = restoreServing(store, settled, report, memory);
  const { onConfiguration, tell } = createListeners(state, report);
  const fetch = withKey(options.fetch ?? platform.fetch, options.key);
  const pollFetch = withKey(options.fetch ?? platform.pollFetch, options.key);

  const limits = { maxItems: settled.maxQueueItems, maxBytes: settled.maxQueueBytes };
  const queue = createQueue({ limits, journal, statistics, report, clock });
  const delivery = createDelivery({
    ...settled,
    queue,
    clock,
    statistics,
    report,
    gate: settled.ensureAgent
      ? waitFor(clock, REGISTRATION_MILLISECONDS, answered.wait())
      : Promise.resolve(),
    send: createSend({
      fetch,
      clock,
      baseUrl,
      timeoutMilliseconds: settled.requestTimeoutMilliseconds,
      keepalive: () => platform.isEnding(),
    }),
  });
  onMore = delivery.wake;
  if (settled.refresh) {
    void refreshServing({
      ...settled,
      fetch: pollFetch,
      clock,
      state,
      store,
      report,
      timeoutMilliseconds: settled.requestTimeoutMilliseconds,
      signal: ending.signal,
      onAnswer: () => {
        answered.ring();
        tell();
      },
    });
  }

  /** Makes an item of evidence and hands it over; whatever is wrong with it is counted and reported. */
  const take = (lane: Lane, make: (key: string) => object | undefined): void => {
    const drop = (reason: "closed" | "invalid", message: string): void => {
      statistics.dropped[reason] += 1;
      report(new LearningError(reason === "closed" ? "dropped" : "invalid", message, { lost: 1 }));
    };
    if (ending.signal.aborted) return drop("closed", `${lane} given after close are dropped`);
    try {
      const key = newId(clock.now());
      const evidence = make(key);
      if (evidence === undefined) return;
      const item = createItem(key, lane, toStorableJson(evidence), clock.now());
      if (queue.offer(item)) delivery.notice(lane);
    } catch (error) {
      drop("invalid", `${lane} that cannot be sent are dropped: ${messageOf(error)}`);
    }
  };

  // Timers and long polls let the process end; what the agent waits for does not.
  const awaited = async <T>(work: () => Promise<T>): Promise<T> => {
    const release = clock.keepAlive();
    try {
      return await work();
    } finally {
      release();
    }
  };

  const isRefreshing = (): boolean => settled.refresh && !ending.signal.aborted;

  const flush: Learning["flush"] = async (how = {}) => {
    const { to = "server", timeoutMilliseconds = FLUSH_MILLISECONDS } = how;
    if (to === "server") return awaited(() => delivery.flush(timeoutMilliseconds));
    const written = await persistence.written();
    return written || queue.isEmpty();
  };

  const learning: Learning = {
    agentId,
    resolve: (unit) => state.resolver(unit),
    configuration: () => state.configuration,
    onConfiguration,
    ready: (timeoutMilliseconds = READY_MILLISECONDS) =>
      awaited(async () => {
        const until = clock.monotonic() + timeoutMilliseconds;
        while (state.configuration === null && isRefreshing() && clock.monotonic() < until) {
          await waitFor(clock, until - clock.monotonic(), answered.wait());
        }
        return state.configuration !== null;
      }),
    run: createRun({
      clock,
      resolve: (unit) => state.resolver(unit),
      record: (each) => learning.record(each),
      report,
      tools,
    }),
    record: (execution) => {
      const executionId = idOf(execution) ?? newId(clock.now());
      take("executions", () =>
        executionToWire(tools.withToolCalls(execution), agentId, executionId, environment),
      );
      return executionId;
    },
    feedback: (feedback) => take("feedback", () => feedbackToWire(feedback, agentId)),
    correct: (correction) =>
      take("feedback", () => feedbackToWire({ ...correction, feedbackType: "correction" }, agentId)),
    retrieval: (retrieval) => take("retrievals", (key) => retrievalToWire(retrieval, agentId, key)),
    demonstrate: (demonstration) =>
      take("demonstrations", () => tools.demonstrationToWire(demonstration, agentId)),
    outcome: (outcome) =>
      take("outcomes", (key) => {
        const split = outcome.split ?? (outcome.resolution ?? state.resolver(outcome.unitId)).split;
        return split === null ? undefined : outcomeToWire(outcome, split, key);
      }),
    stats: () => ({
      ...structuredClone(statistics),
      waiting: queue.inMemory(),
      disk: journal?.usage() ?? { items: 0, bytes: 0, corruptLines: 0 },
      configuration: {
        source: state.source,
        revision: state.configuration?.revision ?? null,
        confirmedAt: state.confirmedAt,
      },
    }),
    flush,
    close: async (how) => {
      const flushed = ending.signal.aborted ? queue.isEmpty() : await flush(how);
      ending.abort();
      unhook();
      delivery.stop();
      answered.ring();
      await persistence.close().catch(() => undefined);
      return flushed;
    },
  };
  const unhook = platform.onEnd({
    drain: persistence.drain,
    flush: settled.flushOnExit ? () => flush() : undefined,
  });
  return learning;
}

function idOf(execution: { executionId?: string | undefined }): string | undefined {
  try {
    return execution.executionId;
  } catch {
    return undefined;
  }
}
