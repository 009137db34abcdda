import { describe, expect, test } from "vitest";
import { createRandom, randomInteger } from "../../random.ts";
import { meanChunkingScores, measureChunking, type SpanQuestion } from "./measure-chunking.ts";
import { optimizeChunking } from "./optimize-chunking.ts";

const text = "Alpha bravo one. Castle delta two. Ember falcon three.";
const question = (query: string, ...spans: [start: number, end: number][]): SpanQuestion => ({
  id: query,
  query,
  spans: spans.map(([start, end]) => ({ document: "d", start, end })),
});

describe("measureChunking", () => {
  test("values worked out by hand", () => {
    const documents = new Map([["d", text]]);
    // The sentence "Castle delta two." is 17 to 34, its chunk is the sentence.
    const [right] = measureChunking(documents, [question("castle", [17, 34])], { size: 3, overlap: 0 });
    expect(right).toEqual({ recall: 1, precision: 1, iou: 1 });
    // One chunk of the whole text: 17 of 54 characters.
    const [wide] = measureChunking(documents, [question("castle", [17, 34])], { size: 50, overlap: 0 });
    expect(wide?.recall).toBe(1);
    expect(wide?.precision).toBeCloseTo(17 / 54, 12);
    expect(wide?.iou).toBeCloseTo(17 / 54, 12);
    // Half of the answer is in a chunk that shares no word with the question: 17 + 17 characters asked, 17 found.
    const [half] = measureChunking(documents, [question("castle", [17, 34], [37, 54])], {
      size: 3,
      overlap: 0,
    });
    expect(half?.recall).toBeCloseTo(17 / 34, 12);
    expect(half?.iou).toBeCloseTo(0.5, 12);
  });

  test("what two chunks share counts once, and nothing found is nothing", () => {
    const documents = new Map([["d", text]]);
    const cut = () => [
      { start: 0, end: 34 },
      { start: 17, end: 54 },
    ];
    const [both] = measureChunking(documents, [question("castle", [17, 34])], cut);
    expect(both?.precision).toBeCloseTo(17 / 54, 12);
    expect(measureChunking(documents, [question("unheard", [0, 5])], cut)).toEqual([
      { recall: 0, precision: 0, iou: 0 },
    ]);
    expect(meanChunkingScores([])).toEqual({ recall: 0, precision: 0, iou: 0 });
  });
});

/** Documents of sentences of eight words, each about something of its own, in an order in which neighbours have nothing to do with each other. */
function world(sentences: number) {
  const random = createRandom("world");
  const filler = "of the matter that was spoken about before and after".split(" ");
  const parts = Array.from({ length: sentences }, (_, index) => {
    const words = Array.from({ length: 6 }, () => filler[randomInteger(random, filler.length)] ?? "");
    return `topic${index} ${words.join(" ")} topic${index}.`;
  });
  const body = parts.join(" ");
  const questions = parts.map((part, index): SpanQuestion => {
    const start = body.indexOf(part);
    return {
      id: String(index),
      query: `topic${index}`,
      spans: [{ document: "d", start, end: start + part.length }],
    };
  });
  return { documents: new Map([["d", body]]), questions };
}

describe("optimizeChunking", () => {
  const { documents, questions } = world(120);

  test("finds that answers of a sentence want chunks of a sentence, and proves it on other questions", () => {
    const found = optimizeChunking(documents, questions, {
      random: createRandom(1),
      baseline: { size: 200, overlap: 30 },
      grid: [8, 16, 80, 200].map((size) => ({ size, overlap: 0 })),
      shown: [1, 5],
    });
    expect(found).toMatchObject({
      verdict: "change",
      reasons: [],
      settings: { size: 8, overlap: 0, shown: 1 },
      questions: 60,
    });
    expect(found.after.iou).toBeGreaterThan(0.9);
    expect(found.before.iou).toBeLessThan(0.1);
    expect(found.after.recall).toBeGreaterThanOrEqual(found.before.recall - 0.01);
    expect(found.trials[0]).toMatchObject({ size: 8 });
  });

  test("keeps what is as good, and says why", () => {
    const same = optimizeChunking(documents, questions, {
      random: createRandom(1),
      baseline: { size: 8, overlap: 0 },
      grid: [{ size: 8, overlap: 0 }],
      shown: [5],
    });
    expect(same.verdict).toBe("keep");
    expect(same.reasons[0]).toMatch(/^The IoU went from/);
    const few = optimizeChunking(documents, questions.slice(0, 5), {
      random: createRandom(1),
      baseline: { size: 200, overlap: 0 },
    });
    expect(few).toMatchObject({ verdict: "keep", settings: null });
    expect(few.reasons[0]).toMatch(/5 questions/);
  });

  test("never buys precision with recall, and ends at an abort", () => {
    // Answers of three sentences, of which one alone shares a word with the question.
    const wide = questions.slice(1, -1).map((one, index) => ({
      ...one,
      spans: [
        {
          document: "d",
          start: questions[index]?.spans[0]?.start ?? 0,
          end: questions[index + 2]?.spans[0]?.end ?? 0,
        },
      ],
    }));
    const grid = [8, 24, 64].map((size) => ({ size, overlap: 0 }));
    const baseline = { size: 64, overlap: 0 };
    const options = { random: createRandom(2), baseline, grid, shown: [5] };
    const found = optimizeChunking(documents, wide, options);
    expect(found.trials[0]?.size).not.toBe(64);
    expect(found).toMatchObject({ verdict: "keep", settings: { size: 64 } });
    const signal = AbortSignal.abort(new Error("stop"));
    expect(() => optimizeChunking(documents, wide, { ...options, signal })).toThrow("stop");
  });
});
