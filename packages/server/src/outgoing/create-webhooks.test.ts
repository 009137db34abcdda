import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hang,
  json,
  raw,
  type Reply,
  type ScriptedEndpoint,
  stall,
  startScriptedEndpoint,
} from "../models/scripted-endpoint.testing.ts";
import { createWebhooks } from "./create-webhooks.ts";

let endpoint: ScriptedEndpoint;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
});
afterAll(() => endpoint.close());

const own = (secret?: string) => createWebhooks({ allowPrivate: true, secret }, { timeoutMilliseconds: 300 });

describe("what is called", () => {
  const strict = createWebhooks({ allowPrivate: false, secret: undefined });

  it.each([
    "http://example.com/score",
    "https://127.0.0.1/score",
    "https://[::1]/score",
    "https://169.254.169.254/latest",
    "https://2130706433/",
    "https://user:word@example.com/",
    "ftp://example.com/",
    "no url",
  ])("not %s", (url) => {
    expect(strict.refusal(url)).toMatch(/^cannot be used|^is not a URL/);
  });

  it("https on public addresses, and what the operator allows", async () => {
    expect(strict.refusal("https://scores.example.com/v1")).toBeUndefined();
    expect(own().refusal(endpoint.url)).toBeUndefined();
    await expect(strict.post("https://127.0.0.1:1/", {})).rejects.toThrow("cannot be reached");
  });
});

it("posts the question, signed, and gives the answer back", async () => {
  endpoint.script(json(200, { score: 0.5 }));
  expect(await own("a secret").post(`${endpoint.url}/score`, { input: "i" })).toEqual({ score: 0.5 });
  const signature = createHmac("sha256", "a secret").update('{"input":"i"}').digest("hex");
  expect(endpoint.requests[0]).toMatchObject({
    path: "/v1/score",
    body: { input: "i" },
    headers: { "x-learning-signature": `sha256=${signature}` },
  });
});

it.each<[string, Reply, string]>([
  ["an error", json(503, {}), "the webhook answered 503"],
  ["no JSON", raw(200, "text/html", "<p>"), "the webhook's answer is not JSON"],
  ["a redirect", json(302, {}, { location: "https://example.com/" }), "cannot be reached"],
  ["too much", raw(200, "application/json", `"${"x".repeat(300_000)}"`), "longer than 256 KiB"],
  ["nothing", hang, "no answer within 0.3 seconds"],
  ["half an answer", stall, "no answer within 0.3 seconds"],
])("says what it got: %s", async (_name, reply, sentence) => {
  endpoint.script(reply);
  await expect(own().post(endpoint.url, {})).rejects.toThrow(sentence);
});
