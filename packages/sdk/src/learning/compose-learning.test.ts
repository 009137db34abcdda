import { describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { isObject } from "../json.ts";
import { V1, wireServing } from "../serving/serving.testing.ts";
import { type ManualClock, manualClock, settle } from "../transport/clock.testing.ts";
import type { Fetch, FetchInit } from "../transport/fetch.ts";
import { composeLearning } from "./compose-learning.ts";
import type { Learning } from "./learning.ts";
import type { LearningOptions } from "./options.ts";
import { toolParts } from "../tools/tool-parts.ts";
import type { Platform } from "./platform.ts";

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

interface Bench {
  learning: Learning;
  clock: ManualClock;
  sent: Sent[];
  errors: LearningError[];
  to: (path: string) => Sent[];
}

const hold = (init: FetchInit): Promise<Response> =>
  new Promise((_resolve, reject) =>
    init.signal.addEventListener("abort", () => reject(new Error("aborted"))),
  );

/** Answers as the contract says: one result for each item; outcomes are counted. */
function accept({ path, body }: Sent): Response {
  if (/\/(?:feedback|demonstrations)$/.test(path))
    return Response.json({ id: V1, status: "stored", version: 1 }, { status: 201 });
  const lists = isObject(body) ? Object.values(body) : [];
  const items = lists.find(Array.isArray) ?? [];
  if (path.endsWith("/outcomes")) return Response.json({ recorded: items.length, known: 0 });
  return Response.json({ results: items });
}

function serve(sent: Sent, init: FetchInit, seen: readonly Sent[]): Response | Promise<Response> {
  if (sent.method !== "GET") return accept(sent);
  const first = seen.filter(({ method }) => method === "GET").length === 1;
  return first ? Response.json(wireServing(), { headers: { etag: '"7"' } }) : hold(init);
}

function bench(
  change: Partial<LearningOptions> = {},
  answer: (sent: Sent, init: FetchInit, seen: readonly Sent[]) => Response | Promise<Response> = serve,
  platformChange: Partial<Platform> = {},
): Bench {
  const clock = manualClock();
  const sent: Sent[] = [];
  const errors: LearningError[] = [];
  const fetch: Fetch = async (url, init) => {
    const body: unknown = init.body === undefined ? undefined : JSON.parse(init.body);
    const each = { method: init.method, path: new URL(url).pathname, headers: init.headers, body };
    sent.push(each);
    return answer(each, init, sent);
  };
  const platform: Platform = {
    clock,
    fetch,
    pollFetch: fetch,
    persist: () => ({
      store: undefined,
      journal: undefined,
      written: async () => false,
      drain: () => undefined,
      close: async () => undefined,
    }),
    onEnd: () => () => undefined,
    isEnding: () => false,
    warn: () => undefined,
    tools: toolParts,
    ...platformChange,
  };
  const learning = composeLearning(platform, {
    baseUrl: "http://h:1",
    key: "als_sk_test",
    agentId: "my-agent",
    onError: (error) => errors.push(error),
    ...change,
  });
  const to = (path: string): Sent[] => sent.filter((each) => each.path === `/api/learning/${path}`);
  return { learning, clock, sent, errors, to };
}

describe("a learning agent", () => {
  it("resolves at once, and by the server's configuration as soon as it is there", async () => {
    const { learning, clock, errors } = bench();
    expect(learning.resolve("u").reason).toBe("not_configured");
    expect(learning.configuration()).toBeNull();
    const ready = learning.ready();
    expect(clock.kept).toBe(1);
    await clock.advance(0);
    expect(await ready).toBe(true);
    expect(learning.resolve("u")).toMatchObject({ versionId: V1, reason: "default" });
    expect(learning.configuration()?.settings.feedbackCollection.minRatingForPositive).toBe(4);
    expect(learning.stats().configuration).toMatchObject({ source: "server", revision: 7 });
    await learning.close();
    expect(learning.resolve("u").versionId).toBe(V1);
    expect([errors, clock.waiting, clock.kept]).toEqual([[], 0, 0]);
  });

  it("records, votes, corrects and tells of retrievals, each once", async () => {
    const { learning, clock, to } = bench();
    const id = learning.record({ inputText: "in", outputText: "out" });
    expect(learning.record({ inputText: "in", executionId: "mine" })).toBe("mine");
    learning.feedback({ executionId: id, feedbackType: "thumbs_up", userId: "p" });
    learning.correct({ executionId: id, correctionText: "better", userId: "p" });
    learning.retrieval({ executionId: id, query: "q", chunks: [{ chunkId: "c", rank: 1 }] });
    await clock.advance(1_000);
    expect(to("executions").map(({ body }) => body)).toMatchObject([
      { executions: [{ execution_id: id, agent_id: "my-agent" }, { execution_id: "mine" }] },
    ]);
    expect(to("feedback").map(({ body }) => body)).toMatchObject([
      { feedback_type: "thumbs_up", execution_id: id },
      { feedback_type: "correction", correction_text: "better" },
    ]);
    const keys = to("feedback").map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(2);
    expect(to("retrievals").map(({ body }) => body)).toMatchObject([{ retrievals: [{ query: "q" }] }]);
    expect(to("executions")[0]?.headers).toMatchObject({ authorization: "Bearer als_sk_test" });
    expect(learning.stats()).toMatchObject({ recorded: 5, delivered: 5, waiting: { items: 0, bytes: 0 } });
  });

  it("sends tool calls with their execution, and a demonstration under a key of its own", async () => {
    const { learning, clock, to } = bench();
    await learning.run("u", ({ tool }) => tool("search", { q: 1 }, () => "found"), { inputText: "x" });
    learning.record({ inputText: "y", toolCalls: [{ tool: "open", error: "gone" }], metadata: { a: 1 } });
    const steps = [{ action: "look", tool: "search", durationMs: 5, observation: "found" }];
    learning.demonstrate({
      input: "x",
      output: "y",
      steps,
      taskType: "tax",
      executionId: "e",
      expert: "a@b.c",
    });
    await clock.advance(1_000);
    expect(to("executions").map(({ body }) => body)).toMatchObject([
      {
        executions: [
          {
            output_text: "found",
            metadata: {
              tool_calls: [
                { tool: "search", arguments: { q: 1 }, result: "found", failed: false, duration_ms: 0 },
              ],
            },
          },
          { metadata: { a: 1, tool_calls: [{ tool: "open", failed: true, error: "gone" }] } },
        ],
      },
    ]);
    expect(to("demonstrations")).toMatchObject([
      {
        headers: { "idempotency-key": expect.stringMatching(/^[0-9a-f-]{36}$/) },
        body: {
          agent_id: "my-agent",
          input: "x",
          output: "y",
          steps: [{ action: "look", tool: "search", duration_ms: 5, observation: "found" }],
          task_type: "tax",
          source_execution_id: "e",
          expert: "a@b.c",
        },
      },
    ]);
  });

  it("repeats feedback under the same key, whatever became of the first attempt", async () => {
    let attempts = 0;
    const { learning, clock, to } = bench({}, (sent, init, seen) => {
      attempts += sent.path.endsWith("feedback") ? 1 : 0;
      if (attempts === 1 && sent.path.endsWith("feedback")) throw new TypeError("connection reset");
      return serve(sent, init, seen);
    });
    learning.feedback({ executionId: "x", feedbackType: "thumbs_up" });
    await clock.advance(5_000);
    const keys = to("feedback").map(({ headers }) => headers["idempotency-key"]);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it("never throws, whatever it is given", async () => {
    const { learning, clock, errors } = bench();
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const hostile = {
      get executionId(): string {
        throw new Error("getter");
      },
    };
    const inputs: unknown[] = [
      undefined,
      null,
      7,
      "x",
      [],
      {},
      hostile,
      { inputText: "x", metadata: circle },
    ];
    for (const input of inputs) {
      expect(typeof learning.record(input as never)).toBe("string");
      learning.feedback(input as never);
      learning.correct(input as never);
      learning.retrieval(input as never);
      learning.outcome(input as never);
      learning.demonstrate(input as never);
      learning.resolve(input as never);
    }
    expect(await learning.run(undefined as never, () => 7)).toBe(7);
    await clock.advance(2_000);
    const { dropped, recorded } = learning.stats();
    expect(dropped.invalid).toBeGreaterThan(10);
    // An outcome of nobody in particular is in no experiment: nothing of it is recorded or dropped.
    const { length } = inputs;
    expect(recorded + dropped.invalid).toBeGreaterThanOrEqual(5 * length);
    expect(recorded + dropped.invalid).toBeLessThanOrEqual(6 * length);
    expect(errors.every(({ kind }) => kind === "invalid")).toBe(true);
  });

  it("survives an onError that throws", async () => {
    const { learning } = bench({
      onError: () => {
        throw new Error("mine");
      },
    });
    learning.record({} as never);
    expect(learning.stats().dropped.invalid).toBe(1);
  });

  it("asks for its key for each request, and survives one that cannot be had", async () => {
    let n = 0;
    const key = async (): Promise<string> => {
      n += 1;
      if (n === 2) throw new Error("no token");
      return `token-${n}`;
    };
    const { learning, clock, to, errors } = bench({ key, refresh: false });
    for (const executionId of ["a", "b", "c"]) learning.feedback({ executionId, feedbackType: "thumbs_up" });
    await clock.advance(5_000);
    expect(to("feedback").map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer token-1",
      "Bearer token-3",
      "Bearer token-4",
    ]);
    expect(errors.map(({ message }) => message)).toEqual(["evidence is not delivered yet: no token"]);
  });

  it("keeps evidence until the agent is registered", async () => {
    const { learning, sent, clock } = bench({ learningEnabled: true }, (each, _init, seen) => {
      if (each.method === "GET" && seen.length === 1) {
        return Response.json({ type: "urn:agent-learning:problem:not-found" }, { status: 404 });
      }
      if (each.path.endsWith("/agents")) return Response.json({}, { status: 201 });
      return each.method === "GET"
        ? Response.json(wireServing(), { headers: { etag: '"7"' } })
        : accept(each);
    });
    learning.feedback({ executionId: "x", feedbackType: "thumbs_up" });
    await settle();
    await clock.advance(10);
    const order = sent.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
    expect(order.slice(0, 3)).toEqual(["GET serving", "POST agents", "GET serving"]);
    expect(order.filter((each) => each === "POST feedback")).toHaveLength(1);
    await learning.close();
  });

  it("asks nothing with a key that may only write", async () => {
    const { learning, sent, clock } = bench({ key: "als_pk_x" });
    expect(await learning.ready()).toBe(false);
    learning.feedback({ executionId: "x", feedbackType: "thumbs_up" });
    await clock.advance(1_000);
    expect(sent.map(({ method }) => method)).toEqual(["POST"]);
  });
});

describe("the end", () => {
  it("flushes, ends everything, and drops with a report what comes later", async () => {
    const { learning, clock, to, errors } = bench();
    await clock.advance(0);
    learning.record({ inputText: "x" });
    expect(await learning.close()).toBe(true);
    expect(to("executions")).toHaveLength(1);
    learning.record({ inputText: "y" });
    learning.feedback({ executionId: "x", feedbackType: "thumbs_up" });
    expect(learning.stats().dropped.closed).toBe(2);
    expect(errors.map(({ kind }) => kind)).toEqual(["dropped", "dropped"]);
    expect(await learning.close()).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it("does not wait for a server that hangs", async () => {
    const { learning, clock } = bench({}, (_sent, init) => hold(init));
    learning.record({ inputText: "x" });
    let closed: boolean | undefined;
    void learning.close({ timeoutMilliseconds: 2_000 }).then((flushed) => (closed = flushed));
    await clock.advance(1_999);
    expect(closed).toBeUndefined();
    await clock.advance(1);
    await settle();
    expect([closed, clock.waiting]).toEqual([false, 0]);
    expect(learning.stats().waiting.items).toBe(1);
  });

  it("hands the platform a flush only when asked to", () => {
    const flushes: (boolean | undefined)[] = [];
    const onEnd: Platform["onEnd"] = ({ flush }) => {
      flushes.push(flush !== undefined);
      return () => undefined;
    };
    bench({}, serve, { onEnd });
    bench({ flushOnExit: true }, serve, { onEnd });
    expect(flushes).toEqual([false, true]);
  });

  it("cannot promise the disk without one", async () => {
    const { learning } = bench();
    expect(await learning.flush({ to: "disk" })).toBe(true);
    learning.record({ inputText: "x" });
    expect(await learning.flush({ to: "disk" })).toBe(false);
  });
});

it("takes methods off the object", async () => {
  const { learning, clock } = bench();
  const { resolve, record, feedback, stats, run, close } = learning;
  await clock.advance(0);
  expect(resolve("u").versionId).toBe(V1);
  record({ inputText: "x" });
  feedback({ executionId: "x", feedbackType: "thumbs_up" });
  await run("u", () => "y", { inputText: "x" });
  expect(stats().recorded).toBe(3);
  await close();
});
