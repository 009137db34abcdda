import { describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { type ManualClock, manualClock } from "../transport/clock.testing.ts";
import type { Fetch } from "../transport/fetch.ts";
import { refreshServing, type RefreshOptions } from "./refresh-serving.ts";
import { restoreServing, type ServingState } from "./serving-state.ts";
import { V1, V2, wireServing } from "./serving.testing.ts";

interface Call {
  at: number;
  method: string;
  url: string;
  tag: string | undefined;
  body: unknown;
}

interface Bench {
  clock: ManualClock;
  state: ServingState;
  calls: Call[];
  errors: LearningError[];
  answers: number;
  stop: () => void;
}

/** @param answer what the server says to the nth call, from 0; a promise may hold it (a long poll) */
function bench(
  answer: (n: number, call: Call, signal: AbortSignal, clock: ManualClock) => Response | Promise<Response>,
  change: Partial<RefreshOptions> = {},
): Bench {
  const clock = manualClock();
  const calls: Call[] = [];
  const errors: LearningError[] = [];
  const controller = new AbortController();
  const scope = { baseUrl: "http://h", agentId: "my-agent", environment: "production" };
  const fetch: Fetch = async (url, init) => {
    const call: Call = {
      at: clock.monotonic(),
      method: init.method,
      url,
      tag: init.headers["if-none-match"],
      body: init.body === undefined ? undefined : JSON.parse(init.body),
    };
    calls.push(call);
    return answer(calls.length - 1, call, init.signal, clock);
  };
  const report = (error: LearningError): void => void errors.push(error);
  const made = {
    clock,
    calls,
    errors,
    answers: 0,
    state: restoreServing(undefined, scope, report),
    stop: () => controller.abort(),
  };
  void refreshServing({
    ...scope,
    fetch,
    clock,
    state: made.state,
    store: undefined,
    settings: {},
    ensureAgent: false,
    timeoutMilliseconds: 10_000,
    signal: controller.signal,
    report,
    onAnswer: () => (made.answers += 1),
    ...change,
  });
  return made;
}

const serving = (change: Parameters<typeof wireServing>[0] = {}, etag = true): Response => {
  const wire = wireServing(change);
  return Response.json(wire, { headers: etag ? { etag: `"${wire.revision}"` } : {} });
};
const problem = (status: number, headers: Record<string, string> = {}): Response =>
  Response.json({ type: `urn:agent-learning:problem:${status}`, detail: "because" }, { status, headers });
const held = (clock: ManualClock, milliseconds: number, response: () => Response): Promise<Response> =>
  new Promise((resolve) => clock.after(milliseconds, () => resolve(response())));
const notModified = (): Response => new Response(null, { status: 304 });

describe("refreshServing", () => {
  it("asks at once, then holds a question open that names what it knows", async () => {
    const { clock, calls, state, errors, stop } = bench((n, _call, _signal, c) => {
      if (n === 0) return serving();
      if (n === 1) return held(c, 25_000, notModified);
      if (n === 2) return held(c, 3_000, () => serving({ revision: 8, default_version_id: V2 }));
      return held(c, 25_000, notModified);
    });
    await clock.advance(0);
    expect(state.resolver("u").versionId).toBe(V1);
    await clock.advance(27_999);
    expect(state.resolver("u").versionId).toBe(V1);
    await clock.advance(1);
    expect(state.resolver("u").versionId).toBe(V2);
    await clock.advance(375);
    expect(calls.map(({ at, tag }) => [at, tag])).toEqual([
      [0, undefined],
      [0, '"7"'],
      [25_000, '"7"'],
      [28_375, '"8"'],
    ]);
    expect(calls[0]?.url).toBe("http://h/api/learning/agents/my-agent/serving?environment=production&wait=0");
    expect(calls[1]?.url).toContain("wait=25");
    expect(errors).toEqual([]);
    stop();
  });

  it("does not spin when the server does not hold the question, or has no ETag", async () => {
    const eager = bench((n) => (n === 0 ? serving() : notModified()));
    await eager.clock.advance(60_000);
    expect(eager.calls.length).toBeLessThan(12);
    eager.stop();
    const deaf = bench(() => serving());
    await deaf.clock.advance(60_000);
    expect(deaf.calls.length).toBeLessThan(12);
    deaf.stop();
    const restless = bench((n) => serving({ revision: n }));
    await restless.clock.advance(60_000);
    expect(restless.calls.length).toBeLessThan(240);
    restless.stop();
    const tagless = bench(() => serving({}, false));
    await tagless.clock.advance(60_000);
    expect(tagless.calls.length).toBeLessThan(12);
    expect(tagless.calls.every(({ tag }) => tag === undefined)).toBe(true);
    tagless.stop();
  });

  it("keeps what it knows through every kind of failure, with growing pauses, and recovers", async () => {
    const failures: (() => Response | Promise<Response>)[] = [
      () => Promise.reject(new TypeError("fetch failed")),
      () => problem(500),
      () => new Response("<html>login</html>"),
      () => serving({ slug: "another" }),
      () => problem(429, { "retry-after": "40" }),
      () => new Response("moved", { status: 418 }),
      () => new Response("not here", { status: 404 }),
    ];
    const { clock, calls, state, errors, stop } = bench((n, _call, _signal, c) => {
      if (n === 0) return serving();
      const failure = failures[n - 1];
      if (failure !== undefined) return failure();
      return n === failures.length + 1 ? serving({ revision: 9 }) : held(c, 25_000, notModified);
    });
    await clock.advance(120_000);
    expect(errors.map(({ kind }) => kind)).toEqual([
      "network",
      "unavailable",
      "garbage",
      "garbage",
      "unavailable",
      "garbage",
      "garbage",
    ]);
    const pauses = calls.slice(2).map(({ at }, i) => at - (calls[i + 1]?.at ?? 0));
    expect(pauses.slice(0, 5)).toEqual([375, 750, 1_500, 3_000, 42_000]);
    expect(state.resolver("u").versionId).toBe(V1);
    expect(state.configuration?.revision).toBe(9);
    stop();
  });

  it("times out a server that hangs, and one that hangs in the long poll", async () => {
    const { clock, calls, errors, stop } = bench((n) =>
      n === 1 ? serving() : new Promise<Response>(() => undefined),
    );
    await clock.advance(10_000);
    expect(errors.map(({ kind }) => kind)).toEqual(["timeout"]);
    await clock.advance(36_000);
    expect(errors.map(({ kind }) => kind)).toEqual(["timeout", "timeout"]);
    expect(calls.length).toBe(4);
    stop();
  });

  it("asks rarely when the key is not accepted or the agent is unknown", async () => {
    for (const status of [401, 403, 404]) {
      const made = bench(() => problem(status));
      await made.clock.advance(120_000);
      expect(made.calls.length).toBeLessThan(5);
      expect(made.errors[0]?.message).toContain("because");
      expect(made.answers).toBe(made.calls.length);
      made.stop();
    }
  });

  it("ends the open question when stopped", async () => {
    let aborted = false;
    const { clock, calls, errors, stop } = bench((n, _call, signal) => {
      if (n === 0) return serving();
      return new Promise(() => signal.addEventListener("abort", () => (aborted = true)));
    });
    await clock.advance(1_000);
    stop();
    await clock.advance(600_000);
    expect([aborted, calls.length, errors.length, clock.waiting]).toEqual([true, 2, 0, 0]);
  });

  it("tells once when the code's settings are not the server's", async () => {
    const settings = { feedbackCollection: { minRatingForPositive: 5 } };
    const { clock, errors, stop } = bench(
      (n, _call, _signal, c) => held(c, 1_000, () => serving({ revision: n })),
      { settings },
    );
    await clock.advance(10_000);
    expect(errors.map(({ kind }) => kind)).toEqual(["configuration"]);
    expect(errors[0]?.message).toContain("minRatingForPositive: 5 in the code, 4 at the server");
    stop();
  });
});

describe("ensureAgent", () => {
  const settings = { learningEnabled: false, feedbackCollection: { minRatingForPositive: 3 } };

  it("registers an unknown agent with the code's settings and asks again", async () => {
    const made = bench(
      (n, call, _signal, c) => {
        if (n === 0) return problem(404);
        if (call.method === "POST") return Response.json({ id: "x" }, { status: 201 });
        return n === 2 ? serving() : held(c, 25_000, notModified);
      },
      { ensureAgent: true, settings },
    );
    await made.clock.advance(0);
    expect(made.calls[1]).toMatchObject({
      url: "http://h/api/learning/agents",
      body: {
        slug: "my-agent",
        config: { learning_enabled: false, feedback_collection: { min_rating_for_positive: 3 } },
      },
    });
    expect([made.state.source, made.answers]).toEqual(["server", 1]);
    made.stop();
  });

  it("takes an agent that another process registered meanwhile", async () => {
    const made = bench((n) => (n === 0 ? problem(404) : n === 1 ? problem(409) : serving()), {
      ensureAgent: true,
    });
    await made.clock.advance(0);
    expect([made.state.source, made.errors.length]).toEqual(["server", 0]);
    made.stop();
  });

  it("says when it may not, and lets evidence go its way", async () => {
    const made = bench((_n, call) => problem(call.method === "POST" ? 403 : 404), { ensureAgent: true });
    await made.clock.advance(1_000);
    expect(made.errors.map(({ kind, status }) => [kind, status])).toEqual([["configuration", 403]]);
    expect([made.calls.length, made.answers]).toEqual([2, 1]);
    made.stop();
  });

  it("does not spin with a server that registers and forgets", async () => {
    const made = bench(
      (_n, call) => (call.method === "POST" ? Response.json({}, { status: 201 }) : problem(404)),
      {
        ensureAgent: true,
      },
    );
    await made.clock.advance(60_000);
    expect(made.calls.length).toBeLessThan(24);
    made.stop();
  });
});
