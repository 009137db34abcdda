import { describe, expect, it, vi } from "vitest";
import { LearningApiError } from "./learning-api-error.ts";
import { createLearningClient } from "./learning-client.ts";

type Fetch = typeof globalThis.fetch;

const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json" }, ...init });

describe("createLearningClient", () => {
  it("asks the page's own origin, in snake_case, and answers in camelCase", async () => {
    const fetch = vi.fn<Fetch>(async () => json({ pending_annotations: 3 }));
    const client = createLearningClient({ fetch });
    const query = { agentId: "my-agent", days: 7, cursor: undefined };
    expect(await client.request("GET", "/stats", { query })).toEqual({ pendingAnnotations: 3 });
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/learning/stats?agent_id=my-agent&days=7");
    expect(fetch.mock.calls[0]?.[1]?.headers).not.toHaveProperty("authorization");
  });

  it("sends the key of the moment, bodies, versions and idempotency keys", async () => {
    const fetch = vi.fn<Fetch>(async () => json({}));
    const client = createLearningClient({
      baseUrl: "https://learning.example/",
      apiKey: async () => "als_uk_1",
      fetch,
    });
    await client.request("PATCH", "/agents/a", { body: { minScore: 1 }, ifMatch: 3, idempotencyKey: "k" });
    expect(fetch.mock.calls[0]?.[0]).toBe("https://learning.example/api/learning/agents/a");
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({
      method: "PATCH",
      body: '{"min_score":1}',
      headers: {
        authorization: "Bearer als_uk_1",
        "content-type": "application/json",
        "if-match": '"3"',
        "idempotency-key": "k",
      },
    });
  });

  it("has nothing to say of an answer without a body", async () => {
    const client = createLearningClient({ fetch: async () => new Response(null, { status: 204 }) });
    expect(await client.request("POST", "/annotations/claim", { body: {} })).toBeUndefined();
  });

  it("throws the problem that the server names", async () => {
    const problem = {
      type: "https://agent-learning.dev/problems/precondition-failed",
      title: "Precondition failed",
      status: 412,
      detail: "The resource is at version 4, you read 3.",
      errors: [{ path: "header.if-match", message: "is old" }],
    };
    const headers = { "content-type": "application/problem+json", "retry-after": "7" };
    const client = createLearningClient({ fetch: async () => json(problem, { status: 412, headers }) });
    const error = await client.request("GET", "/stats").catch((caught: unknown) => caught);
    expect(LearningApiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      status: 412,
      type: "precondition-failed",
      message: problem.detail,
      errors: problem.errors,
      retryAfterSeconds: 7,
    });
  });

  it("says that what answered is no learning server", async () => {
    const client = createLearningClient({
      fetch: async () => new Response("<h1>Not found</h1>", { status: 404 }),
    });
    await expect(client.request("GET", "/stats")).rejects.toMatchObject({ status: 404, type: "unknown" });
  });

  it("tells a dead server from an aborted request", async () => {
    const client = createLearningClient({ fetch: async () => Promise.reject(new TypeError("fetch failed")) });
    await expect(client.request("GET", "/stats")).rejects.toMatchObject({ status: 0, type: "network" });
    await expect(client.request("GET", "/stats", { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      TypeError,
    );
  });

  it("reads events as they come, however they are cut", async () => {
    const text =
      ': keep-alive\n\nid: 1\nevent: step\ndata: {"a":1}\n\nid: 2\nevent: end\ndata: {}\n\nid: 3\ndata: {';
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const character of new TextEncoder().encode(text))
          controller.enqueue(new Uint8Array([character]));
        controller.close();
      },
    });
    const fetch = vi.fn<Fetch>(async () => new Response(body));
    const events = [];
    const { signal } = new AbortController();
    for await (const event of createLearningClient({ fetch }).events("/x", { lastEventId: "0", signal })) {
      events.push(event);
    }
    expect(events).toEqual([
      { id: "1", event: "step", data: { a: 1 } },
      { id: "2", event: "end", data: {} },
    ]);
    expect(fetch.mock.calls[0]?.[1]?.headers).toMatchObject({ "last-event-id": "0" });
  });
});
