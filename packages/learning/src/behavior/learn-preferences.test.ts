import { expect, test } from "vitest";
import { createRandom, randomInteger } from "../index.ts";
import { ANSWER_FEATURES, answerFeatures } from "./answer-features.ts";
import {
  comparePreferred,
  type JudgedAnswerPair,
  LEAST_JUDGEMENTS,
  learnPreferences,
} from "./learn-preferences.ts";

const POLITE = ["certainly", "gladly", "thank", "welcome"];
const CURT = ["no", "whatever", "obviously", "again"];
const FILLER = ["order", "parcel", "invoice", "refund", "delivery", "address", "account", "delay"];

/** Politeness wins, whatever the lengths and the places. */
function judged(
  count: number,
  seed: string,
  prefers: (polite: boolean) => boolean = (polite) => polite,
): JudgedAnswerPair[] {
  const random = createRandom(seed);
  const pick = (words: readonly string[]): string => words[randomInteger(random, words.length)] as string;
  return Array.from({ length: count }, (_, i) => {
    const text = (words: readonly string[]): string =>
      [
        pick(words),
        pick(words),
        ...Array.from({ length: 2 + randomInteger(random, 12) }, () => pick(FILLER)),
      ].join(" ");
    const politeIsA = random.next() < 0.5;
    const [a, b] = politeIsA ? [text(POLITE), text(CURT)] : [text(CURT), text(POLITE)];
    return {
      input: `question ${i}`,
      a,
      b,
      preferred: prefers(true) === politeIsA ? "A" : "B",
      first: random.next() < 0.5 ? "A" : "B",
    };
  });
}

test("learns what people prefer, and is held to inputs that it has not seen", () => {
  const learned = learnPreferences(judged(120, "polite"), { seed: "1" });
  expect(learned.heldOut?.judgements).toBe(120);
  expect(learned.heldOut?.right).toBeGreaterThan(100);
  expect(learned.model).toBeDefined();
  expect(learnPreferences(judged(120, "polite"), { seed: "1" }).heldOut).toEqual(learned.heldOut);
  const rows = Array.from({ length: 20 }, (_, i) => ({
    input: `new question ${i}`,
    baseline: "obviously no refund",
    candidate: "certainly a refund thank you",
  }));
  const compared =
    learned.model === undefined ? undefined : comparePreferred(learned.model, rows, { seed: "1" });
  expect(compared?.rows).toBe(20);
  expect(compared?.interval[0]).toBeGreaterThan(0.5);
});

test("a liking for long answers alone is no preference", () => {
  const random = createRandom("long");
  const pairs = Array.from({ length: 200 }, (_, i): JudgedAnswerPair => {
    const text = (): string =>
      Array.from(
        { length: 2 + randomInteger(random, 30) },
        () => FILLER[randomInteger(random, FILLER.length)],
      ).join(" ");
    const [a, b] = [text(), text()];
    return { input: `question ${i}`, a, b, preferred: a.length > b.length ? "A" : "B" };
  });
  expect(learnPreferences(pairs, { seed: "1" }).model).toBeUndefined();
});

test("chance is no preference either, and few judgements are none", () => {
  const random = createRandom("coin");
  const pairs = judged(100, "coin").map((pair): JudgedAnswerPair => ({
    ...pair,
    preferred: random.next() < 0.5 ? "A" : "B",
  }));
  expect(learnPreferences(pairs, { seed: "1" }).model).toBeUndefined();
  const few = learnPreferences(judged(LEAST_JUDGEMENTS - 1, "few"), { seed: "1" });
  expect(few).toEqual({ model: undefined, judgements: LEAST_JUDGEMENTS - 1, heldOut: undefined });
  const ties = judged(50, "ties").map((pair): JudgedAnswerPair => ({ ...pair, preferred: "tie" }));
  expect(learnPreferences(ties, { seed: "1" })).toMatchObject({ model: undefined, judgements: 0 });
});

test("features are as many as said, do not grow with the length, and are finite for any text", () => {
  const once = answerFeatures("refund", "a refund of 5 euros");
  expect(once).toHaveLength(ANSWER_FEATURES);
  const twice = answerFeatures("refund", "a refund of 5 euros a refund of 5 euros");
  twice.slice(0, 96).forEach((value, i) => expect(value).toBeCloseTo(once[i] as number, 9));
  for (const text of ["", "\0\uD800", "🙂 ?\n", "ß".repeat(10_000)])
    expect(answerFeatures(text, text).every(Number.isFinite)).toBe(true);
});
