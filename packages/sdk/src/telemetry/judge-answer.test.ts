import { describe, expect, it } from "vitest";
import { judgeAnswer, type Verdict } from "./judge-answer.ts";

const headers = (retryAfter?: string): Headers =>
  new Headers(retryAfter === undefined ? {} : { "retry-after": retryAfter });

const judge = (status: number, body: unknown, count = 2, retryAfter?: string): Verdict =>
  judgeAnswer(
    "executions",
    count,
    { status, headers: headers(retryAfter), text: typeof body === "string" ? body : JSON.stringify(body) },
    0,
  );

const problem = (type: string, errors?: unknown): object => ({
  type: `urn:agent-learning:problem:${type}`,
  title: "t",
  status: 400,
  detail: "what to do",
  errors,
});

describe("a success", () => {
  it("counts with one result for each item", () => {
    expect(judge(200, { results: [{}, {}] }).kind).toBe("accepted");
    expect(judge(201, { results: [{}, {}] }).kind).toBe("accepted");
  });

  it.each([
    ["a login page", "<html>welcome</html>"],
    ["nothing", ""],
    ["another API's JSON", { ok: true }],
    ["too few results", { results: [{}] }],
    ["a list", []],
  ])("does not count with %s", (_what, body) => {
    expect(judge(200, body)).toMatchObject({ kind: "retry", cause: "garbage", suspect: false });
  });

  it("of feedback counts with the feedback's id", () => {
    const answer = (text: string): Verdict =>
      judgeAnswer("feedback", 1, { status: 201, headers: headers(), text }, 0);
    expect(answer('{"id":"x","status":"stored","version":1}').kind).toBe("accepted");
    expect(answer('{"results":[{}]}').kind).toBe("retry");
  });
});

describe("outcomes", () => {
  const ask = (status: number, body: object): Verdict =>
    judgeAnswer("outcomes", 3, { status, headers: headers(), text: JSON.stringify(body) }, 0);
  it("count when each is recorded or known", () => {
    expect(ask(200, { recorded: 1, known: 2 }).kind).toBe("accepted");
    expect(ask(200, { recorded: 1, known: 1 }).kind).toBe("retry");
    expect(ask(200, { results: [{}, {}, {}] }).kind).toBe("retry");
  });
  it.each([
    [422, ["unit_id", "unit_id"], true],
    [422, ["unit_id", "metric"], false],
    [400, ["unit_id"], false],
  ])("with %d about %j are early: %s", (status, fields, early) => {
    const errors = fields.map((field, index) => ({ path: `body.outcomes.${index}.${field}`, message: "no" }));
    expect(ask(status, { type: "urn:x", errors })).toMatchObject({ kind: "rejected", early });
  });
});

it.each([
  ["source_execution_id", 422, true],
  ["source_execution_id", 400, false],
  ["expert", 422, false],
])("a demonstration refused for its %s with %d may be early: %s", (field, status, early) => {
  const text = JSON.stringify({ type: "urn:x", errors: [{ path: `body.${field}`, message: "no" }] });
  expect(judgeAnswer("demonstrations", 1, { status, headers: headers(), text }, 0)).toMatchObject({
    kind: "rejected",
    early,
  });
});

describe("a refusal", () => {
  it("names the items that it is about", () => {
    const errors = [
      { path: "body.executions.1.input_text", message: "too short" },
      { path: "body.executions.1.status", message: "unknown" },
      { path: "body.executions.9.status", message: "beyond the batch" },
      { path: "body.other.0", message: "another list" },
      { path: "query.executions.0", message: "another part" },
      "no object",
    ];
    expect(judge(400, problem("malformed-request", errors))).toEqual({
      kind: "rejected",
      status: 400,
      reason: "the server answered 400: what to do",
      indexes: [1],
      all: false,
      early: false,
    });
  });

  it.each([400, 413, 422])("with %d needs no body", (status) => {
    expect(judge(status, "")).toMatchObject({ kind: "rejected", indexes: [], all: false });
  });

  it("of the key's rights is about every item", () => {
    expect(judge(403, problem("forbidden"))).toMatchObject({ kind: "rejected", all: true });
  });

  it.each([404, 405, 409, 410, 415])("with %d needs a body of the API", (status) => {
    expect(judge(status, problem("conflict")).kind).toBe("rejected");
    expect(judge(status, "<html>404</html>")).toMatchObject({
      kind: "retry",
      cause: "garbage",
      suspect: true,
    });
  });
});

describe("a retry", () => {
  it.each([408, 425, 429, 502, 503, 504])("follows %d, with nobody suspected", (status) => {
    expect(judge(status, "", 2, "3")).toMatchObject({
      kind: "retry",
      cause: "unavailable",
      suspect: false,
      retryAfter: 3_000,
    });
  });

  it.each([500, 501, 505, 599])("follows %d, with the items suspected", (status) => {
    expect(judge(status, problem("internal-error"))).toMatchObject({ kind: "retry", suspect: true });
  });

  it("follows 401 and a request that is still being worked on", () => {
    expect(judge(401, problem("unauthenticated"))).toMatchObject({
      cause: "unauthenticated",
      suspect: false,
    });
    expect(judge(409, problem("in-flight"), 2, "1")).toMatchObject({ kind: "retry", retryAfter: 1_000 });
  });

  it.each([100, 204, 304, 302])("follows the nonsense of %d", (status) => {
    expect(judge(status, "")).toMatchObject({ kind: "retry", cause: "garbage" });
  });
});
