import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLearning, type Learning, type LearningError, type LearningOptions } from "./index.ts";
import { V1, V2, wireExperiment, wireSplit } from "./serving/serving.testing.ts";
import { type Exchange, type FakeServer, startFakeServer } from "./testing/fake-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

let server: FakeServer;
let directory: string;
let errors: LearningError[];
const opened: Learning[] = [];
beforeEach(async () => {
  server = await startFakeServer();
  directory = await temporaryFolder();
  errors = [];
});
afterEach(async () => {
  for (const learning of opened.splice(0)) await learning.close({ timeoutMilliseconds: 1 });
  await server.close();
});

function open(change: Partial<LearningOptions> = {}): Learning {
  const learning = createLearning({
    baseUrl: server.url,
    key: "als_sk_test",
    agentId: "my-agent",
    directory,
    flushIntervalMilliseconds: 20,
    requestTimeoutMilliseconds: 300,
    onError: (error) => errors.push(error),
    ...change,
  });
  opened.push(learning);
  return learning;
}
const kinds = (): Set<string> => new Set(errors.map(({ kind }) => kind));
const onPost =
  (act: (exchange: Exchange) => void) =>
  (exchange: Exchange): boolean => {
    if (exchange.request.method !== "POST") return false;
    act(exchange);
    return true;
  };

const garbage: [string, (exchange: Exchange) => void][] = [
  [
    "a login page",
    ({ response }) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  ],
  ["an empty answer", ({ response }) => void response.writeHead(200).end()],
  ["JSON that is none", ({ response }) => void response.writeHead(200).end('{"results":[')],
  ["another API's JSON", ({ response }) => void response.writeHead(200).end('{"ok":true}')],
  ["bytes", ({ response }) => void response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0, 1]))],
  ["no HTTP", ({ response }) => void response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n")],
  [
    "half an answer",
    ({ response }) =>
      void response.writeHead(200, { "content-length": 99 }).write("{", () => response.destroy()),
  ],
  ["a closed connection", ({ response }) => void response.destroy()],
  ["silence", () => undefined],
  ["headers and then silence", ({ response }) => void response.writeHead(200).write("{")],
  ["a redirect", ({ response }) => void response.writeHead(302, { location: "/elsewhere" }).end()],
  ["500", ({ response }) => void response.writeHead(500).end("stack trace")],
  ["503 with Retry-After", ({ response }) => void response.writeHead(503, { "retry-after": "0" }).end()],
  ["404 of a proxy", ({ response }) => void response.writeHead(404).end("no such backend")],
];

describe.each(garbage)("a server that answers with %s", (_what, misbehave) => {
  it("delays evidence and loses none", async () => {
    server.misbehave = onPost(misbehave);
    const learning = open();
    learning.record({ executionId: "a", inputText: "x" });
    learning.feedback({ executionId: "a", feedbackType: "thumbs_up" });
    learning.retrieval({ executionId: "a", query: "q", chunks: [] });
    const split = { kind: "experiment", id: V1, arm: "treatment" } as const;
    learning.outcome({ unitId: "u", metric: "revenue", value: 1, split });
    learning.demonstrate({ input: "x", output: "y", steps: [{ action: "look", tool: "search" }] });
    await expect.poll(() => learning.stats().failedRequests, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
    server.misbehave = undefined;
    expect(await learning.flush({ timeoutMilliseconds: 10_000 })).toBe(true);
    const { executions, feedback, retrievals, outcomes, demonstrations } = server;
    const stored = [executions, feedback, retrievals, outcomes, demonstrations];
    expect(stored.map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);
    expect(learning.stats()).toMatchObject({ recorded: 5, delivered: 5 });
    expect(errors.length).toBeGreaterThan(0);
  });

  it("does not disturb the agent's version, now or after a restart", async () => {
    const before = open();
    expect(await before.ready()).toBe(true);
    await before.close();
    server.misbehave = (exchange) => {
      misbehave(exchange);
      return true;
    };
    const learning = open();
    expect(learning.resolve("u").versionId).toBe(V1);
    await expect.poll(() => errors.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(1);
    expect(learning.resolve("u").versionId).toBe(V1);
    expect(learning.stats().configuration).toMatchObject({ source: "cache", revision: 7 });
  });
});

describe("delivery", () => {
  it("sends again what was stored but not acknowledged, under the same ids", async () => {
    let lost = 0;
    server.misbehave = ({ request, response }) => {
      if (request.method !== "POST" || lost >= 3) return false;
      lost += 1;
      setImmediate(() => response.destroy());
      return "store";
    };
    const learning = open();
    for (let i = 0; i < 50; i += 1) {
      learning.record({ executionId: `e${i}`, inputText: "x" });
      learning.feedback({ executionId: `e${i}`, feedbackType: "rating", rating: 5, userId: "p" });
    }
    expect(await learning.flush({ timeoutMilliseconds: 20_000 })).toBe(true);
    expect([server.executions.size, server.feedback.size]).toEqual([50, 50]);
    const repeated = [...server.executions.values(), ...server.feedback.values()].filter(
      ({ times }) => times > 1,
    );
    expect(repeated.length).toBeGreaterThan(0);
  });

  it("drops what the server refuses, and only that", async () => {
    const learning = open();
    for (let i = 0; i < 300; i += 1) {
      learning.record({ executionId: i % 100 === 7 ? "" : `e${i}`, inputText: "x" });
    }
    learning.feedback({ executionId: "e1", feedbackType: "nonsense" as never });
    learning.feedback({ executionId: "e1", feedbackType: "thumbs_up" });
    expect(await learning.flush({ timeoutMilliseconds: 10_000 })).toBe(true);
    expect([server.executions.size, server.feedback.size]).toEqual([297, 1]);
    expect(learning.stats()).toMatchObject({ delivered: 298, dropped: { rejected: 4 } });
    expect(kinds()).toEqual(new Set(["rejected"]));
    const posts = server.exchanges.filter(({ method }) => method === "POST").length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.exchanges.filter(({ method }) => method === "POST")).toHaveLength(posts);
  });

  it("holds more than its memory on disk while the server is away, and delivers all of it", async () => {
    server.misbehave = onPost(({ response }) => void response.destroy());
    const learning = open({ maxQueueItems: 100 });
    for (let i = 0; i < 5_000; i += 1) learning.record({ executionId: `e${i}`, inputText: "x".repeat(100) });
    const { waiting, disk, dropped } = learning.stats();
    expect(waiting.items).toBeLessThanOrEqual(100);
    expect([waiting.items + disk.items, dropped.full]).toEqual([5_000, 0]);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    server.misbehave = undefined;
    expect(await learning.flush({ timeoutMilliseconds: 30_000 })).toBe(true);
    expect(server.executions.size).toBe(5_000);
    expect(learning.stats()).toMatchObject({ delivered: 5_000, disk: { items: 0, bytes: 0 } });
  });

  it("says what it dropped when neither memory nor disk has room", async () => {
    server.misbehave = onPost(() => undefined);
    const learning = open({ maxQueueItems: 10, maxDiskBytes: 5_000 });
    for (let i = 0; i < 200; i += 1) learning.record({ inputText: "x".repeat(100) });
    const { recorded, dropped } = learning.stats();
    expect(recorded + dropped.full).toBe(200);
    expect(dropped.full).toBeGreaterThan(150);
    expect(errors[0]).toMatchObject({ kind: "dropped" });
  });

  it("goes on without a directory that can be used", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const learning = open({ directory: file });
    expect(await learning.ready()).toBe(true);
    learning.record({ inputText: "x" });
    expect(await learning.flush()).toBe(true);
    expect(kinds()).toEqual(new Set(["storage"]));
  });

  it("lets the agent alone: a thousand records and resolutions in a few milliseconds, whatever the server does", async () => {
    server.misbehave = () => true;
    const learning = open();
    const started = performance.now();
    for (let i = 0; i < 1_000; i += 1) {
      learning.resolve(`u${i}`);
      learning.record({ inputText: "x" });
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("configuration", () => {
  it("changes within the long poll", async () => {
    const learning = open({ requestTimeoutMilliseconds: 5_000 });
    await learning.ready();
    await expect.poll(() => server.exchanges.length).toBe(2);
    server.serving = { ...server.serving, revision: 8, ...wireSplit(wireExperiment()) };
    await expect.poll(() => learning.resolve("user-1").reason).toBe("split");
    server.serving = { ...server.serving, revision: 9, ...wireSplit(null), default_version_id: V2 };
    await expect.poll(() => learning.resolve("user-1").versionId).toBe(V2);
    expect(errors).toEqual([]);
  });

  it("is not read from a file that is broken", async () => {
    const first = open();
    await first.ready();
    await first.close();
    const scope = `127.0.0.1_${server.port}.my-agent.production`;
    await mkdir(join(directory, scope), { recursive: true });
    await writeFile(join(directory, scope, "configuration.json"), '{"format":1,"serving":{"agent_id":');
    server.misbehave = () => true;
    expect(open().resolve("u").reason).toBe("not_configured");
    expect(kinds()).toEqual(new Set(["storage"]));
  });

  it("records which arm a unit was in", async () => {
    server.serving = { ...server.serving, revision: 8, ...wireSplit(wireExperiment()) };
    const learning = open();
    await learning.ready();
    const answer = await learning.run("user-1", ({ resolution }) => `by ${resolution.split?.arm}`, {
      inputText: "question",
      executionId: "e1",
    });
    await learning.flush();
    const { execution } = server.executions.get("e1") ?? {};
    expect(execution).toMatchObject({
      unit_id: "user-1",
      output_text: answer,
      status: "succeeded",
      split: { kind: "experiment", arm: answer.slice(3) },
      version_id: learning.resolve("user-1").versionId,
    });
    expect(execution?.latency_ms).toBeGreaterThanOrEqual(0);
  });
});
