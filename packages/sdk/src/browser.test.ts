import { afterEach, describe, expect, it, vi } from "vitest";
import { createLearning } from "./browser.ts";
import { memoryStorage } from "./browser/memory-storage.testing.ts";
import type { LearningError } from "./errors.ts";
import type { Learning } from "./index.ts";
import type { LearningOptions } from "./learning/options.ts";
import { V1, wireServing } from "./serving/serving.testing.ts";
import type { Fetch, FetchInit } from "./transport/fetch.ts";

const opened: Learning[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const learning of opened.splice(0)) await learning.close({ timeoutMilliseconds: 1 });
});

const down: Fetch = async () => {
  throw new TypeError("Failed to fetch");
};
function open(change: Partial<LearningOptions>): Learning {
  const learning = createLearning({
    baseUrl: "http://h",
    key: "als_sk_x",
    agentId: "my-agent",
    onError: () => undefined,
    ...change,
  });
  opened.push(learning);
  return learning;
}
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 2_000, interval: 5 });

describe("in a browser", () => {
  it("knows its configuration after a reload with the server away", async () => {
    const storage = memoryStorage();
    const up: Fetch = async (_url, { signal }: FetchInit) => {
      if (storage.length === 0) return Response.json(wireServing(), { headers: { etag: '"7"' } });
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error())));
    };
    const first = open({ storage, fetch: up });
    expect(await first.ready()).toBe(true);
    await first.close();
    const second = open({ storage, fetch: down });
    expect(second.resolve("u").versionId).toBe(V1);
    expect(second.stats().configuration.source).toBe("cache");
  });

  it("calls a run's tools without recording them, and says that it takes no demonstration", async () => {
    const bodies: string[] = [];
    const errors: LearningError[] = [];
    const up: Fetch = async (_url, init) => {
      bodies.push(init.body ?? "");
      return Response.json({ results: [{}] });
    };
    const learning = open({
      storage: false,
      fetch: up,
      refresh: false,
      onError: (error) => errors.push(error),
    });
    const answer = await learning.run("u", ({ tool }) => tool("add", [1, 2], ([a, b]) => `${a}${b}`), {
      inputText: "x",
    });
    learning.demonstrate({ input: "x", output: "y" });
    expect(await learning.flush()).toBe(true);
    expect([answer, bodies.length, bodies.join().includes("tool_calls")]).toEqual(["12", 1, false]);
    expect(learning.stats()).toMatchObject({ recorded: 1, delivered: 1, dropped: { invalid: 1 } });
    expect(errors.map(({ kind }) => kind)).toEqual(["invalid"]);
  });

  it("sends after a reload what the server could not take before", async () => {
    const storage = memoryStorage();
    open({ storage, fetch: down }).feedback({ executionId: "x", feedbackType: "thumbs_up" });
    const [left = ""] = storage.entries.keys();
    const keys: (string | undefined)[] = [];
    const up: Fetch = async (_url, init) => {
      keys.push(init.headers["idempotency-key"]);
      return Response.json({ id: V1 }, { status: 201 });
    };
    const second = open({ storage, fetch: up, refresh: false });
    await eventually(() => expect(second.stats()).toMatchObject({ replayed: 1, delivered: 1 }));
    expect(keys).toEqual([left.split(":").at(-1)]);
    expect(storage.length).toBe(0);
  });

  it("uses the page's storage, and does without where it is forbidden", () => {
    const storage = memoryStorage();
    vi.stubGlobal("localStorage", storage);
    open({ fetch: down }).record({ inputText: "x" });
    expect(storage.length).toBe(1);
    open({ fetch: down, storage: false }).record({ inputText: "x" });
    expect(storage.length).toBe(1);
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get: () => {
        throw new DOMException("denied", "SecurityError");
      },
    });
    const learning = open({ fetch: down });
    learning.record({ inputText: "x" });
    expect(learning.stats().waiting.items).toBe(1);
  });

  it("tells of a storage that refuses the configuration", async () => {
    const errors: LearningError[] = [];
    const fetch: Fetch = async () => Response.json(wireServing(), { headers: { etag: '"7"' } });
    const learning = open({ storage: memoryStorage(10), fetch, onError: (error) => errors.push(error) });
    expect(await learning.ready()).toBe(true);
    expect(errors[0]?.kind).toBe("storage");
  });

  it("sends what is left when the page is hidden, in requests that outlive it", async () => {
    const listeners = new Map<string, () => void>();
    vi.stubGlobal("addEventListener", (type: string, listener: () => void) => listeners.set(type, listener));
    vi.stubGlobal("removeEventListener", (type: string) => listeners.delete(type));
    const document = { visibilityState: "visible" };
    vi.stubGlobal("document", document);
    const kept: (boolean | undefined)[] = [];
    const fetch: Fetch = async (_url, init) => {
      kept.push(init.keepalive);
      return Response.json({ results: [{}] });
    };
    const learning = open({ fetch, storage: false, refresh: false, flushOnExit: true });
    learning.record({ inputText: "x" });
    listeners.get("visibilitychange")?.();
    expect(kept).toEqual([]);
    document.visibilityState = "hidden";
    listeners.get("visibilitychange")?.();
    await eventually(() => expect(learning.stats().delivered).toBe(1));
    expect(kept).toEqual([true]);
    document.visibilityState = "visible";
    listeners.get("visibilitychange")?.();
    await learning.close();
    expect(listeners.size).toBe(0);
  });

  it("warns on the console without an onError", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    open({ fetch: down, storage: false, onError: undefined });
    await eventually(() => expect(warn).toHaveBeenCalledWith(expect.stringContaining("Failed to fetch")));
    warn.mockRestore();
  });
});
