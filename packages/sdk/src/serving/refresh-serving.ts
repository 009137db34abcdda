import { LearningError, type LearningErrorKind, messageOf, type Report } from "../errors.ts";
import { backoffMilliseconds, DEFAULT_BACKOFF } from "../transport/backoff.ts";
import { sleep } from "../transport/clock.ts";
import { askRegistration, askServing, type AskOptions, type Reply } from "./ask-serving.ts";
import type { ConfigurationStore } from "./configuration-store.ts";
import { acceptServing, type ServingState } from "./serving-state.ts";
import { differingSettings, type GivenSettings, settingsToWire } from "./settings.ts";

export interface RefreshOptions extends AskOptions {
  state: ServingState;
  store: ConfigurationStore | undefined;
  agentId: string;
  environment: string;
  settings: GivenSettings;
  /** Create the agent when the server does not know it. */
  ensureAgent: boolean;
  report: Report;
  /** Called after each definite answer: the configuration is current, or the server has said why there is none. */
  onAnswer: () => void;
}

const LONG_POLL_SECONDS = 25;
// Between questions when the server does not hold them: it sends no ETag, ignores it or `wait`, or is shutting down.
const INTERVAL_MILLISECONDS = 10_000;
// After each change: a server that answers everything with a new tag must not be asked without pause.
const BREATH_MILLISECONDS = 500;

/** Asks for changes until the signal aborts. Each answer replaces the state whole; failures leave it. Never rejects. */
export async function refreshServing(options: RefreshOptions): Promise<void> {
  const { clock, signal } = options;
  const step = createStep(options);
  while (!signal.aborted) {
    const pause = await step();
    if (pause > 0) await sleep(clock, pause, signal);
  }
}

/** One question and what follows from its answer; resolves to the milliseconds until the next. */
function createStep(options: RefreshOptions): () => Promise<number> {
  const { clock, report, state, store, settings, onAnswer } = options;
  let failures = 0;
  let confirmed = false;
  let differences = "";

  const jitter = (milliseconds: number): number => milliseconds * (0.5 + clock.random() / 2);
  const slowly = (): number => jitter(DEFAULT_BACKOFF.maximumMilliseconds);
  const fail = (kind: LearningErrorKind, message: string, status?: number, retryAfter?: number): number => {
    failures += 1;
    report(new LearningError(kind, message, { status }));
    return backoffMilliseconds(failures, clock.random(), retryAfter);
  };
  const confirm = (): void => {
    failures = 0;
    confirmed = true;
    onAnswer();
  };

  const compareSettings = (): void => {
    if (state.configuration === null) return;
    const before = differences;
    differences = differingSettings(settings, state.configuration.settings).join("; ");
    if (differences === "" || differences === before) return;
    const message = `the agent's settings at the server apply, not those in the code (${differences}); change either`;
    report(new LearningError("configuration", message));
  };

  const accept = (reply: Extract<Reply, { kind: "answer" }>): number => {
    const repeated = confirmed && reply.entityTag === state.entityTag;
    try {
      acceptServing(state, { ...reply, now: clock.now() }, store, options);
    } catch (error) {
      return fail("garbage", `the configuration is not refreshed: ${messageOf(error)}`);
    }
    compareSettings();
    const first = !confirmed;
    confirm();
    if (state.entityTag === null || repeated) return jitter(INTERVAL_MILLISECONDS);
    return first ? 0 : jitter(BREATH_MILLISECONDS);
  };

  const register = async (): Promise<number> => {
    const slug = options.agentId;
    const reply = await askRegistration(options, { slug, config: settingsToWire(settings) });
    const failed = reply.kind === "failed" ? reply : undefined;
    // 409: another process was faster.
    if (reply.kind === "answer" || failed?.status === 409) {
      failures += 1;
      return failures === 1 ? 0 : backoffMilliseconds(failures, clock.random());
    }
    if (reply.kind === "given_up") return 0;
    const reason = "reason" in reply ? reply.reason : "the server makes no sense";
    const pause = fail(
      "configuration",
      `the agent ${slug} could not be registered: ${reason}`,
      failed?.status,
    );
    if (failed?.status === undefined || failed.status >= 500) return pause;
    onAnswer();
    return slowly();
  };

  return async () => {
    const started = clock.monotonic();
    const waitSeconds = confirmed && failures === 0 && state.entityTag !== null ? LONG_POLL_SECONDS : 0;
    const reply = await askServing(options, { ...options, entityTag: state.entityTag, waitSeconds });
    if (reply.kind === "answer") return accept(reply);
    if (reply.kind === "given_up") return 0;
    if (reply.kind === "unchanged") {
      state.confirmedAt = clock.now();
      state.source = "server";
      compareSettings();
      confirm();
      const held = clock.monotonic() - started >= waitSeconds * 500;
      return held ? 0 : jitter(INTERVAL_MILLISECONDS);
    }
    if (reply.kind === "missing") {
      if (options.ensureAgent) return register();
      fail("configuration", `${reply.reason} Create the agent, or pass ensureAgent: true.`, 404);
      onAnswer();
      return slowly();
    }
    const message = `the configuration is not refreshed: ${reply.reason}`;
    const pause = fail(reply.cause, message, reply.status, reply.retryAfter);
    if (!reply.slowly) return pause;
    onAnswer();
    return slowly();
  };
}
