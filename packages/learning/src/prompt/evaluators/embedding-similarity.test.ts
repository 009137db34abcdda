import { describe, expect, test } from "vitest";
import type { Embedder } from "../../ports.ts";
import { cosine, embeddingSimilarity } from "./embedding-similarity.ts";

const answer = { input: "question", output: "the answer", expected: "an answer" };

describe("similarity of meaning", () => {
  const asked: (readonly string[])[] = [];
  const embedder: Embedder = {
    name: "letters",
    embed: async (texts) => {
      asked.push(texts);
      return texts.map((text) => ["a", "e", "i", "o", "u"].map((letter) => text.split(letter).length - 1));
    },
  };
  const evaluator = embeddingSimilarity({ embedder, threshold: 0.9 });

  test("scores by the cosine, and remembers expected texts", async () => {
    const near = await evaluator(answer);
    expect(near.score).toBeCloseTo(cosine([1, 2, 0, 0, 0], [2, 1, 0, 0, 0]), 12);
    expect(near.objectives["accuracy"]).toBe(0);
    expect(near.feedback).toContain('"an answer"');
    await evaluator({ ...answer, output: "no" });
    expect(asked.at(-1)).toEqual(["no"]);
  });

  test("equal texts are not asked about", async () => {
    const before = asked.length;
    expect((await evaluator({ ...answer, output: " an answer\n" })).score).toBe(1);
    expect(asked).toHaveLength(before);
  });

  test("vectors without direction or of different lengths give no similarity", () => {
    expect(cosine([0, 0], [1, 1])).toBe(0);
    expect(cosine([1, 0], [-1, 0])).toBe(-1);
    expect(() => cosine([1], [1, 2])).toThrow("dimensions");
    expect(() => embeddingSimilarity({ embedder, threshold: 0 })).toThrow(RangeError);
  });
});
