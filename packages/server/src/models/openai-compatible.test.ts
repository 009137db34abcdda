import { inspect } from "node:util";
import type { GenerateRequest, LanguageModel } from "@agent-learning/learning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOutgoingFetch } from "../outgoing/outgoing-fetch.ts";
import { ModelEndpointError } from "./model-endpoint-error.ts";
import { openAICompatibleModel, type OpenAICompatibleOptions } from "./openai-compatible.ts";
import {
  after,
  completion,
  hang,
  json,
  raw,
  type ScriptedEndpoint,
  stall,
  startScriptedEndpoint,
} from "./scripted-endpoint.testing.ts";

const KEY = "sk-test-0123456789abcdef";
const usage = { prompt_tokens: 31, completion_tokens: 4, total_tokens: 35 };
const question: GenerateRequest = {
  messages: [{ role: "user", content: "Where is my card?" }],
  temperature: 0,
  maxTokens: 16,
};

let endpoint: ScriptedEndpoint;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
});
afterAll(() => endpoint.close());

function createModel(options: Partial<OpenAICompatibleOptions> = {}): LanguageModel {
  return openAICompatibleModel({
    url: endpoint.url,
    name: "small",
    key: KEY,
    fetch: createOutgoingFetch({ allowPrivate: true }),
    timeoutMilliseconds: 5_000,
    ...options,
  });
}

async function failureOf(call: Promise<unknown>): Promise<ModelEndpointError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ModelEndpointError.isInstance(error)) throw new Error(`not the typed error: ${inspect(error)}`);
  return error;
}

describe("what is sent and read", () => {
  it("asks for a chat completion with the system prompt first and the turns in order", async () => {
    endpoint.script(completion("card_arrival", { usage }));
    const answer = await createModel().generate({
      messages: [
        { role: "system", content: "Name the intent." },
        { role: "user", content: "Is my card on its way?" },
        { role: "assistant", content: "card_delivery_estimate" },
        { role: "user", content: "Where is my card?" },
      ],
      temperature: 0.3,
      maxTokens: 12,
      stop: ["\n", "###"],
      batch: { id: "x", size: 4, sharedMessages: 3 },
    });
    expect(answer).toEqual({ text: "card_arrival", promptTokens: 31, completionTokens: 4 });
    const [request] = endpoint.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.body).toEqual({
      model: "small",
      messages: [
        { role: "system", content: "Name the intent." },
        { role: "user", content: "Is my card on its way?" },
        { role: "assistant", content: "card_delivery_estimate" },
        { role: "user", content: "Where is my card?" },
      ],
      temperature: 0.3,
      max_tokens: 12,
      stop: ["\n", "###"],
    });
  });

  it("sends neither key nor stop nor system message where there is none, and keeps temperature 0", async () => {
    endpoint.script(completion("yes", { usage }));
    await createModel({ key: undefined }).generate({ ...question, stop: [] });
    const [request] = endpoint.requests;
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(request?.body).toEqual({
      model: "small",
      messages: [{ role: "user", content: "Where is my card?" }],
      temperature: 0,
      max_tokens: 16,
    });
  });

  it("joins several system messages, and sends markup as it is", async () => {
    endpoint.script(completion("yes", { usage }));
    const content = '</system> "quoted" \u0000 <|im_end|> ünï ';
    await createModel().generate({
      ...question,
      messages: [
        { role: "system", content: "One." },
        { role: "system", content: "Two." },
        { role: "user", content },
      ],
    });
    expect(endpoint.requests[0]?.body["messages"]).toEqual([
      { role: "system", content: "One.\n\nTwo." },
      { role: "user", content },
    ]);
  });

  it("estimates tokens where the endpoint reports none, so that a budget of tokens holds", async () => {
    endpoint.script(completion("card_arrival"));
    expect(await createModel().generate(question)).toEqual({
      text: "card_arrival",
      promptTokens: 9,
      completionTokens: 3,
    });
  });

  it.each([
    ["an empty text", completion("", { usage })],
    ["no text at all", completion(null, { usage })],
  ])("takes %s for an empty answer", async (_name, reply) => {
    endpoint.script(reply);
    expect(await createModel().generate(question)).toMatchObject({ text: "", completionTokens: 4 });
  });

  it("leaves a separate reasoning text out of the answer", async () => {
    const message = { role: "assistant", content: "card_arrival", reasoning_content: "The user waits." };
    endpoint.script(json(200, { id: "1", choices: [{ index: 0, message, finish_reason: "stop" }], usage }));
    expect((await createModel().generate(question)).text).toBe("card_arrival");
  });
});

describe("retries", () => {
  it("tries again after 429, when the endpoint says", async () => {
    const busy = { error: { message: "slow down", type: "rate_limit" } };
    endpoint.script(json(429, busy, { "retry-after": "0.3" }), completion("yes", { usage }));
    expect((await createModel().generate(question)).text).toBe("yes");
    const [first, second] = endpoint.requests.map((request) => request.at) as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(290);
    expect(second - first).toBeLessThan(1_900);
  });

  it("tries again after 500, with a backoff of its own", async () => {
    endpoint.script(json(500, { error: { message: "oops" } }), completion("yes", { usage }));
    expect((await createModel().generate(question)).text).toBe("yes");
    const [first, second] = endpoint.requests.map((request) => request.at) as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(1_900);
  });

  it("tries again when the connection breaks", async () => {
    endpoint.script((response) => void response.destroy(), completion("yes", { usage }));
    expect((await createModel().generate(question)).text).toBe("yes");
    expect(endpoint.requests).toHaveLength(2);
  });

  it("gives up after four tries and says what the last one was", async () => {
    endpoint.script(json(503, { error: { message: "overloaded" } }, { "retry-after-ms": "1" }));
    const error = await failureOf(createModel().generate(question));
    expect(error.message).toBe(`The language model at ${endpoint.url} answered 503, 4 times: overloaded`);
    expect(error).toMatchObject({ status: 503, endpoint: endpoint.url });
    expect(endpoint.requests).toHaveLength(4);
  });

  it("does not try again what cannot succeed", async () => {
    endpoint.script(json(404, { error: { message: "no model small" } }));
    const error = await failureOf(createModel().generate(question));
    expect(error.message).toBe(`The language model at ${endpoint.url} answered 404: no model small`);
    expect(endpoint.requests).toHaveLength(1);
  });

  it("does not wait for a Retry-After beyond its own time", async () => {
    endpoint.script(json(429, { error: { message: "later" } }, { "retry-after": "30" }));
    const error = await failureOf(createModel({ timeoutMilliseconds: 150 }).generate(question));
    expect(error.message).toContain("gave no usable answer within 0.15 seconds");
  });
});

describe("an endpoint that fails", () => {
  it.each([
    ["never answers", hang],
    ["stops in the middle of the answer", stall],
    ["answers too late", after(2_000, completion("late"))],
  ])("is bounded in time when it %s", async (_name, reply) => {
    endpoint.script(reply);
    const started = performance.now();
    const error = await failureOf(createModel({ timeoutMilliseconds: 200 }).generate(question));
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(error.message).toBe(
      `The language model at ${endpoint.url} gave no usable answer within 0.2 seconds.`,
    );
  });

  it.each([
    [
      "HTML",
      raw(200, "text/html", "<!doctype html><title>Log in</title>"),
      /gave no chat completion: <!doctype/,
    ],
    [
      "half a JSON text",
      raw(200, "application/json", '{"choices": ['),
      /gave no chat completion: \{"choices"/,
    ],
    ["another JSON value", json(200, [1, 2]), /gave no chat completion: \[1,2\]/],
    ["nothing", raw(200, "application/json", ""), /gave no chat completion/],
    ["choices without a message", json(200, { choices: [{}] }), /gave no chat completion: \{"choices"/],
    ["no choice", json(200, { id: "1", choices: [], usage }), /answered without any choice/],
    ["an HTML error page", raw(400, "text/html", "<h1>Bad Request</h1>"), /answered 400: Bad Request/],
    ["an error of another shape", json(422, { detail: "bad" }), /answered 422: Unprocessable Entity/],
  ])("is named when it answers with %s", async (_name, reply, message) => {
    endpoint.script(reply);
    const error = await failureOf(createModel().generate(question));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(endpoint.url);
  });

  it("is named when nothing listens there", async () => {
    const closed = await startScriptedEndpoint();
    await closed.close();
    const error = await failureOf(createModel({ url: closed.url, retries: 0 }).generate(question));
    expect(error.message).toMatch(/cannot be reached: .*ECONNREFUSED/);
    expect(error.status).toBeUndefined();
  });

  it("is not called where the guarded fetch forbids it", async () => {
    endpoint.script(completion("yes"));
    const fetch = createOutgoingFetch({ allowPrivate: false });
    const error = await failureOf(createModel({ fetch }).generate(question));
    expect(error.message).toMatch(/could not be asked: http:\/\/ is not called: use https/);
    expect(endpoint.requests).toHaveLength(0);
  });

  it("is cut short where it says very much", async () => {
    endpoint.script(json(400, { error: { message: "no\n".repeat(5_000) } }));
    expect((await failureOf(createModel().generate(question))).message.length).toBeLessThan(300);
  });
});

describe("abort", () => {
  it("ends a call that waits for the answer, with the signal's reason", async () => {
    endpoint.script(hang);
    const abort = new AbortController();
    const call = createModel().generate({ ...question, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("the run was cancelled")), 50);
    await expect(call).rejects.toThrow("the run was cancelled");
  });

  it("ends a call that waits for its next try", async () => {
    endpoint.script(json(429, { error: { message: "later" } }, { "retry-after": "20" }));
    const abort = new AbortController();
    const call = createModel().generate({ ...question, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("the run was cancelled")), 50);
    await expect(call).rejects.toThrow("the run was cancelled");
    expect(endpoint.requests).toHaveLength(1);
  });

  it("makes no call when it came before", async () => {
    endpoint.script(completion("yes"));
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(createModel().generate({ ...question, signal })).rejects.toThrow("too late");
    expect(endpoint.requests).toHaveLength(0);
  });
});

describe("secrets", () => {
  it.each([
    ["an error text", json(401, { error: { message: `Incorrect API key provided: ${KEY}.` } })],
    ["a body", raw(200, "text/plain", `your headers: authorization: Bearer ${KEY}`)],
    ["an error page", raw(403, "text/html", `<p>${KEY}</p>`)],
  ])("stay out of the error when the endpoint repeats the key in %s", async (_name, reply) => {
    endpoint.script(reply);
    const error = await failureOf(createModel().generate(question));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(KEY);
  });

  it("stay out of the endpoint's name", async () => {
    const url = endpoint.url.replace("http://", "http://user:hidden@");
    const error = await failureOf(createModel({ url: `${url}?token=hidden` }).generate(question));
    expect(error.message).not.toContain("hidden");
    expect(error.message).toContain(endpoint.url);
  });
});
