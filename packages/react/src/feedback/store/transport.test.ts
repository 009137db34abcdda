import { describe, expect, it, vi } from "vitest";
import { createTransport, type TransportSettings } from "./transport.ts";

type Fetch = typeof globalThis.fetch;
const target = { agentId: "my-agent", executionId: "abc-123" };
const content = { feedback_type: "thumbs_up" } as const;

function setUp(answers: readonly (Response | Error)[], settings: Partial<TransportSettings> = {}) {
  const left = [...answers];
  const fetch = vi.fn<Fetch>(async () => {
    const next = left.shift();
    if (next === undefined || next instanceof Error) throw next ?? new TypeError("no answer left");
    return next;
  });
  return {
    fetch,
    transport: createTransport(() => ({ baseUrl: "", getToken: undefined, fetch, ...settings }), target),
  };
}

const stored = (): Response => Response.json({ id: "f1", status: "stored", version: 1 }, { status: 201 });
const problem = (status: number, headers: Record<string, string> = {}): Response =>
  Response.json({ detail: "why" }, { status, headers });

describe("createTransport", () => {
  it("asks the server for a token on its own origin, once", async () => {
    const { fetch, transport } = setUp([
      Response.json({ token: "als_ft_1" }, { status: 201 }),
      stored(),
      stored(),
    ]);
    expect(await transport.submit(content, "k1")).toBe("f1");
    await transport.submit(content, "k2");
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      "/api/learning/feedback-tokens/browser",
      "/api/learning/feedback",
      "/api/learning/feedback",
    ]);
    expect(fetch.mock.calls[0]?.[1]?.body).toBe('{"agent_id":"my-agent","execution_id":"abc-123"}');
    expect(fetch.mock.calls[1]?.[1]).toMatchObject({
      method: "POST",
      keepalive: true,
      headers: { authorization: "Bearer als_ft_1", "idempotency-key": "k1" },
    });
  });

  it("asks for one token at a time, whatever is sent meanwhile, also for other executions", async () => {
    let asking = 0;
    let atOnce = 0;
    const fetch = vi.fn<Fetch>(async (url) => {
      if (url !== "/api/learning/feedback-tokens/browser") return stored();
      asking += 1;
      atOnce = Math.max(atOnce, asking);
      await new Promise((resolve) => setTimeout(resolve, 5));
      asking -= 1;
      return Response.json({ token: "t" }, { status: 201 });
    });
    const settings = { baseUrl: "", getToken: undefined, fetch };
    const one = createTransport(() => settings, target);
    const other = createTransport(() => settings, { ...target, executionId: "abc-124" });
    await Promise.all([one.submit(content, "k1"), one.categories(), other.submit(content, "k2")]);
    expect(fetch.mock.calls.filter(([url]) => url === "/api/learning/feedback-tokens/browser")).toHaveLength(
      2,
    );
    expect(atOnce).toBe(1);
  });

  it("takes the page's token, and asks for another one when it has expired", async () => {
    const getToken = vi.fn<() => Promise<string>>().mockResolvedValueOnce("old").mockResolvedValueOnce("new");
    const { fetch, transport } = setUp([problem(401), stored()], {
      getToken,
      baseUrl: "https://learning.example",
    });
    await transport.submit(content, "k1");
    expect(getToken.mock.calls).toEqual([[target], [target]]);
    expect(fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get("authorization"))).toEqual([
      "Bearer old",
      "Bearer new",
    ]);
    expect(fetch.mock.calls[0]?.[0]).toBe("https://learning.example/api/learning/feedback");
  });

  it.each<[string, Response | Error, object]>([
    ["nothing answers", new TypeError("fetch failed"), { retry: true }],
    [
      "the database is away",
      problem(503, { "retry-after": "5" }),
      { retry: true, wait: 5_000, message: "why" },
    ],
    ["there are too many", problem(429), { retry: true }],
    ["the execution is not known yet", problem(404), { retry: true }],
    ["the content is refused", problem(422), { retry: false, message: "why" }],
    [
      "a page answers",
      new Response("<html>", { status: 405 }),
      { retry: false, message: "The server answered 405." },
    ],
  ])("says whether to try again when %s", async (_name, answer, refusal) => {
    const { transport } = setUp([answer], { getToken: () => "t" });
    await expect(transport.submit(content, "k")).rejects.toMatchObject(refusal);
  });

  it("waits when no token is to be had", async () => {
    const { transport } = setUp([], { getToken: () => Promise.reject(new Error("signed out")) });
    await expect(transport.submit(content, "k")).rejects.toMatchObject({ retry: true });
    const { transport: refused } = setUp([problem(403)]);
    await expect(refused.submit(content, "k")).rejects.toMatchObject({ retry: false });
  });

  it("withdraws, also what is gone already", async () => {
    const { fetch, transport } = setUp([Response.json({}), problem(404), problem(500)], {
      getToken: () => "t",
    });
    await transport.withdraw("f1");
    await transport.withdraw("f1");
    await expect(transport.withdraw("f1")).rejects.toMatchObject({ retry: true });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: "DELETE" });
  });

  it("does not ask for a request that outlives the page when it is too large for one", async () => {
    const { fetch, transport } = setUp([stored()], { getToken: () => "t" });
    await transport.submit({ feedback_type: "correction", correction_text: "x".repeat(60_000) }, "k");
    expect(fetch.mock.calls[0]?.[1]?.keepalive).toBe(false);
  });
});
