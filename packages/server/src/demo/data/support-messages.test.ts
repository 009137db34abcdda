import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { words } from "@agent-learning/learning";
import { beforeAll, describe, expect, it } from "vitest";
import { readLabelledCsv } from "../read-labelled-csv.ts";
import { type LabelledMessage, messageKey } from "../split-messages.ts";

const path = fileURLToPath(new URL("support-messages.csv", import.meta.url));

function fiveGrams(text: string): Set<string> {
  const all = words(text);
  if (all.length < 5) return new Set([all.join(" ")]);
  return new Set(Array.from({ length: all.length - 4 }, (_, start) => all.slice(start, start + 5).join(" ")));
}

function jaccard(one: Set<string>, other: Set<string>): number {
  const shared = one.intersection(other).size;
  return shared / (one.size + other.size - shared);
}

/** Pairs that share a 5-gram, found through it: the others have similarity 0. */
function pairsThatShare(grams: readonly Set<string>[]): [number, number][] {
  const holders = new Map<string, number[]>();
  for (const [place, set] of grams.entries())
    for (const gram of set) holders.set(gram, [...(holders.get(gram) ?? []), place]);
  return [...holders.values()].flatMap((places) =>
    places.flatMap((one, index) => places.slice(index + 1).map((other): [number, number] => [one, other])),
  );
}

describe("support-messages.csv", () => {
  let messages: LabelledMessage[] = [];
  beforeAll(async () => {
    messages = await Array.fromAsync(readLabelledCsv(path));
  });

  it("has the messages that the README counts, many of each intent", async () => {
    const readme = await readFile(new URL("README.md", import.meta.url), "utf8");
    const stated = new Map(
      Array.from(readme.matchAll(/^\| `(\w+)` +\| +(\d+) +\|/gmu), ([, intent, count]) => [
        intent,
        Number(count),
      ]),
    );
    const counts = [...Map.groupBy(messages, (message) => message.category)].map(
      ([intent, group]) => [intent, group.length] as const,
    );
    expect(new Map(counts)).toEqual(stated);
    expect(readme).toContain(`${messages.length.toLocaleString("en")} messages`);
    expect(messages.length).toBeGreaterThanOrEqual(300);
    expect(counts.length).toBeGreaterThanOrEqual(14);
    expect(counts.filter(([, count]) => count < 20)).toEqual([]);
  });

  it("says nothing twice, however it is written", () => {
    const keys = Map.groupBy(messages, (message) => messageKey(message.text));
    const repeated = [...keys.values()].filter((group) => group.length > 1);
    expect(repeated).toEqual([]);
  });

  it("has no near-duplicates: word 5-gram Jaccard below a half between any two", () => {
    const grams = messages.map((message) => fiveGrams(message.text));
    const pairs = pairsThatShare(grams);
    expect(pairs.length).toBeGreaterThan(0);
    const near = pairs
      .filter(([one, other]) => jaccard(grams[one] ?? new Set(), grams[other] ?? new Set()) >= 0.5)
      .map((pair) => pair.map((place) => messages[place]?.text));
    expect(near).toEqual([]);
  });

  it("has messages of 4 to 45 words, short and long", () => {
    const lengths = messages.map((message) => message.text.split(/\s+/u).length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(45);
    expect(lengths.filter((length) => length <= 7).length).toBeGreaterThan(40);
    expect(lengths.filter((length) => length >= 28).length).toBeGreaterThan(40);
  });

  it("spreads the intents over the file", () => {
    const head = new Set(messages.slice(0, 120).map((message) => message.category));
    expect(head.size).toBe(16);
  });

  it.each([
    ["e-mail address", /\S@\S/u],
    ["web address", /https?:|www\./iu],
    ["IBAN", /\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,}/u],
    ["card, account or telephone number", /\d(?:[\s-]?\d){8,}/u],
  ])("holds no %s", (_, pattern) => {
    expect(messages.filter((message) => pattern.test(message.text))).toEqual([]);
  });
});
