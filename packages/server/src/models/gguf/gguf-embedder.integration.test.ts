import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { type GgufEmbedder, ggufEmbedder } from "./gguf-embedder.ts";

// Needs node-llama-cpp, which the project does not install, and any model as GGUF:
//   npm install --no-save node-llama-cpp@3.22.1
//   LEARNING_TEST_MODEL=/path/to/model.gguf npx vitest run --project integration packages/server/src/models
const path = process.env["LEARNING_TEST_MODEL"];

let embedder: GgufEmbedder | undefined;
let reason = "";
beforeAll(async () => {
  if (path === undefined || path === "") {
    reason = "LEARNING_TEST_MODEL is not set to the path of a GGUF model";
    return;
  }
  try {
    await import("node-llama-cpp" as string);
  } catch {
    reason = "the optional package node-llama-cpp is not installed";
    return;
  }
  embedder = await ggufEmbedder(path);
}, 120_000);
afterAll(() => embedder?.dispose());

const present = (context: TestContext): GgufEmbedder => {
  if (embedder === undefined) context.skip(reason);
  return embedder as GgufEmbedder;
};

const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0) /
  (Math.hypot(...one) * Math.hypot(...other));

describe("a local embedder", () => {
  it("gives vectors of one length, the same for the same text, nearer for a paraphrase than for something else", async (context) => {
    const model = present(context);
    const [a, b, other, again] = await model.embed([
      "How do I reset my password?",
      "How can I reset the password?",
      "The harbour closes at nine in winter because of the ice.",
      "How do I reset my password?",
    ]);
    expect(new Set([a, b, other].map((vector) => vector?.length)).size).toBe(1);
    expect(again).toEqual(a);
    expect(cosine(a ?? [], b ?? [])).toBeGreaterThan(cosine(a ?? [], other ?? []));
  }, 120_000);

  it("reads a text longer than its context as far as it goes", async (context) => {
    const [vector] = await present(context).embed(["many words ".repeat(5_000)]);
    expect(vector?.every(Number.isFinite)).toBe(true);
  }, 300_000);
});
