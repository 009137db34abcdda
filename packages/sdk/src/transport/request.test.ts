import { describe, expect, it } from "vitest";
import { manualClock } from "./clock.testing.ts";
import type { Fetch } from "./fetch.ts";
import { request, RequestFailure, type RequestOptions } from "./request.ts";

const clock = manualClock();

function options(fetch: Fetch, signal: AbortSignal = new AbortController().signal): RequestOptions {
  return {
    fetch,
    clock,
    url: "http://127.0.0.1/x",
    init: { method: "GET", headers: {} },
    timeoutMilliseconds: 1_000,
    limitBytes: 10,
    signal,
  };
}

const failureOf = async (promise: Promise<unknown>): Promise<RequestFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RequestFailure) return error;
  throw new Error("no RequestFailure");
};

describe("request", () => {
  it("reads status, headers and text, and leaves no timer", async () => {
    const answer = await request(
      options(async () => new Response("déjà vu", { status: 201, headers: { etag: '"7"' } })),
    );
    expect([answer.status, answer.headers.get("etag"), answer.text]).toEqual([201, '"7"', "déjà vu"]);
    expect(clock.waiting).toBe(0);
  });

  it("reads an answer without a body, and one of a fetch without streams", async () => {
    expect((await request(options(async () => new Response(null, { status: 304 })))).text).toBe("");
    const plain = { status: 200, headers: new Headers(), text: async () => "plain" };
    expect((await request(options(async () => plain))).text).toBe("plain");
  });

  it("refuses redirects, so that the key goes nowhere else", async () => {
    let redirect: string | undefined;
    await request(
      options(async (_url, init) => {
        redirect = init.redirect;
        return new Response("");
      }),
    );
    expect(redirect).toBe("error");
  });

  it("gives up after the time, also when fetch ignores its signal", async () => {
    const pending = failureOf(request(options(() => new Promise(() => undefined))));
    await clock.advance(1_000);
    expect((await pending).reason).toBe("timeout");
  });

  it("gives up when the headers come and the body does not", async () => {
    const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(new Uint8Array([65])) });
    const pending = failureOf(request(options(async () => new Response(body))));
    await clock.advance(1_000);
    expect((await pending).reason).toBe("timeout");
  });

  it("stops reading what never ends", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (c) => c.enqueue(new Uint8Array(8)),
      cancel: () => void (cancelled = true),
    });
    expect((await failureOf(request(options(async () => new Response(body))))).reason).toBe("garbage");
    expect(cancelled).toBe(true);
  });

  it("ends when its signal aborts, before and during", async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const during = failureOf(
      request(
        options((_url, init) => {
          given = init.signal;
          return new Promise(() => undefined);
        }, controller.signal),
      ),
    );
    controller.abort();
    expect((await during).reason).toBe("aborted");
    expect(given?.aborted).toBe(true);
    let called = false;
    const before = request(
      options(async () => {
        called = true;
        return new Response("");
      }, controller.signal),
    );
    expect((await failureOf(before)).reason).toBe("aborted");
    expect(called).toBe(false);
    expect(clock.waiting).toBe(0);
  });

  it("says why the network failed", async () => {
    const refused = async (): Promise<never> => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
    };
    const failure = await failureOf(request(options(refused)));
    expect([failure.reason, failure.message]).toEqual([
      "network",
      "fetch failed: connect ECONNREFUSED 127.0.0.1:1",
    ]);
    const strange = async (): Promise<never> => {
      // oxlint-disable-next-line typescript/only-throw-error -- an injected fetch may throw anything
      throw "nonsense";
    };
    expect((await failureOf(request(options(strange)))).message).toBe("the request failed");
  });
});
