import { afterAll, beforeAll, expect, it } from "vitest";
import { createOutgoingFetch } from "../outgoing/outgoing-fetch.ts";
import { openAIEmbedder } from "./openai-embedder.ts";
import {
  hang,
  json,
  raw,
  type Reply,
  type ScriptedEndpoint,
  startScriptedEndpoint,
} from "./scripted-endpoint.testing.ts";

let endpoint: ScriptedEndpoint;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
});
afterAll(() => endpoint.close());

const embedder = () =>
  openAIEmbedder(
    { url: endpoint.url, name: "small", key: "sk-0123456789abcdef" },
    { fetch: createOutgoingFetch({ allowPrivate: true }), timeoutMilliseconds: 300 },
  );

it("asks for vectors and gives them in the order of the texts", async () => {
  endpoint.script(
    json(200, {
      data: [
        { index: 1, embedding: [0, 1] },
        { index: 0, embedding: [1, 0] },
      ],
    }),
  );
  expect(await embedder().embed(["a", "b"])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(endpoint.requests[0]).toMatchObject({
    path: "/v1/embeddings",
    body: { model: "small", input: ["a", "b"] },
    headers: { authorization: "Bearer sk-0123456789abcdef" },
  });
});

it("asks 64 texts at a time", async () => {
  const vectors = (count: number): Reply =>
    json(200, { data: Array.from({ length: count }, (_, index) => ({ index, embedding: [index] })) });
  endpoint.script(vectors(64), vectors(36));
  expect(await embedder().embed(Array.from({ length: 100 }, String))).toHaveLength(100);
  expect(endpoint.requests).toHaveLength(2);
});

it.each<[string, Reply, RegExp]>([
  ["an error", json(500, { error: "sk-0123456789abcdef" }), /answered 500\.$/],
  ["nonsense", raw(200, "text/html", "<p>hello</p>"), /no vector for each text/],
  ["one vector too few", json(200, { data: [{ index: 0, embedding: [1] }] }), /no vector/],
  [
    "vectors of two lengths",
    json(200, { data: [{ embedding: [1] }, { embedding: [1, 2] }] }),
    /no vector for each text/,
  ],
  ["nothing", hang, /within 0.3 seconds/],
])("says of %s what it did", async (_name, reply, sentence) => {
  endpoint.script(reply);
  await expect(embedder().embed(["a", "b"])).rejects.toThrow(sentence);
});
