import {
  type EvaluationContext,
  type JsonValue,
  type Logger,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/server-sdk";
import { LearningError } from "../errors.ts";
import type { Learning } from "../learning/learning.ts";
import type { ServingConfiguration } from "../serving/types.ts";
import { changedFlags } from "./find-flag.ts";
import { type FlagType, resolveFlag } from "./resolve-flag.ts";
import { trackEvent } from "./track-event.ts";

export interface ProviderOptions {
  /** Connects to the agent whose versions are the flags. The provider closes it when it is closed itself. */
  learning: Learning;
  /** The attribute of the context that is assigned to arms, or a function that finds it. Default `targetingKey`. */
  unit?: string | ((context: EvaluationContext) => unknown) | undefined;
  /** How long the provider waits for a first configuration; default 10,000 ms. */
  readyTimeoutMilliseconds?: number | undefined;
  /** The configuration counts as stale when the server has not confirmed it for so long; default 120,000 ms. */
  staleAfterMilliseconds?: number | undefined;
  /** Told of events that could not be taken. */
  onError?: ((error: LearningError) => void) | undefined;
}

const READY_MILLISECONDS = 10_000;
const STALE_MILLISECONDS = 120_000;
/** Looks at whether the configuration is stale, in one of its periods. */
const LOOKS = 8;

function unitOf(context: EvaluationContext, unit: ProviderOptions["unit"]): string | undefined {
  const value = typeof unit === "function" ? unit(context) : context[unit ?? "targetingKey"];
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/**
 * The versions of an agent as OpenFeature flags, resolved locally. See the README for what the flags are. Events: READY with the first
 * configuration, CONFIGURATION_CHANGED with the keys that changed, STALE when the server is silent for long, READY when it is back.
 */
export function createLearningProvider(options: ProviderOptions): Provider {
  const { learning } = options;
  const { readyTimeoutMilliseconds = READY_MILLISECONDS, staleAfterMilliseconds = STALE_MILLISECONDS } =
    options;
  const events = new OpenFeatureEventEmitter();
  let known: ServingConfiguration | null = null;
  let [isStarting, isReady, isStale, isClosed] = [false, false, false, false];
  let timer: ReturnType<typeof setInterval> | undefined;
  let forget = (): void => undefined;

  const change = (configuration: ServingConfiguration): void => {
    const flagsChanged = changedFlags(known, configuration);
    known = configuration;
    if (!isReady && !isStarting) {
      // After a start that failed: the SDK knows of none but this.
      isReady = true;
      events.emit(ProviderEvents.Ready);
    } else if (isReady && flagsChanged.length > 0) {
      events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged });
    }
  };
  const look = (): void => {
    const { confirmedAt } = learning.stats().configuration;
    const stale = Date.now() - (confirmedAt ?? 0) > staleAfterMilliseconds;
    if (stale === isStale || !isReady) return;
    isStale = stale;
    if (stale)
      events.emit(ProviderEvents.Stale, { message: "the server has not confirmed the configuration" });
    else events.emit(ProviderEvents.Ready);
  };
  const resolve = <T>(key: string, type: FlagType, defaultValue: T, context: EvaluationContext) =>
    Promise.resolve<ResolutionDetails<T>>(
      resolveFlag(learning, { key, type, defaultValue, unit: unitOf(context, options.unit) }),
    );

  return {
    metadata: { name: "agent-learning" },
    runsOn: "server",
    events,
    initialize: async () => {
      if (isClosed) throw new ProviderFatalError("the provider was closed: create another");
      forget();
      forget = learning.onConfiguration(change);
      clearInterval(timer);
      timer = setInterval(look, staleAfterMilliseconds / LOOKS);
      // Looking must not keep a process alive.
      timer.unref?.();
      isStarting = true;
      const isKnown = await learning.ready(readyTimeoutMilliseconds);
      isStarting = false;
      if (!isKnown) {
        throw new ProviderNotReadyError(
          "no configuration is known: the server does not answer, or knows no such agent",
        );
      }
      known = learning.configuration();
      isReady = true;
    },
    onClose: async () => {
      isClosed = true;
      forget();
      clearInterval(timer);
      await learning.close();
    },
    resolveBooleanEvaluation: (key, defaultValue, context) => resolve(key, "boolean", defaultValue, context),
    resolveStringEvaluation: (key, defaultValue, context) => resolve(key, "string", defaultValue, context),
    resolveNumberEvaluation: (key, defaultValue, context) => resolve(key, "number", defaultValue, context),
    resolveObjectEvaluation: <T extends JsonValue>(
      key: string,
      defaultValue: T,
      context: EvaluationContext,
      _logger: Logger,
    ) => resolve(key, "object", defaultValue, context),
    track: (event: string, context: EvaluationContext, details: TrackingEventDetails) => {
      const problem = trackEvent(learning, event, unitOf(context, options.unit), details);
      if (problem !== undefined) options.onError?.(new LearningError("invalid", problem));
    },
  };
}
