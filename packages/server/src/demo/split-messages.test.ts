import { createRandom } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { type LabelledMessage, messageKey, splitMessages } from "./split-messages.ts";

const words = ["invoice", "refund", "audit", "salary", "deadline", "portal", "letter", "notice"];
const LIMITS = { seedsPerLabel: 3, evidence: Infinity, later: Infinity, heldOut: 1_000 };

const messages: LabelledMessage[] = Array.from({ length: 400 }, (_, index) => ({
  text: `${words[index % 8] ?? ""} ${words[(index >> 3) % 8] ?? ""} ${words[(index >> 6) % 8] ?? ""} ${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + ((index * 7) % 26))}`,
  category: `label-${index % 5}`,
}));

describe("splitMessages", () => {
  const split = splitMessages(
    [...messages, { text: `  ${(messages[0]?.text ?? "").toUpperCase()}!`, category: "label-0" }],
    createRandom(3),
    LIMITS,
  );
  const parts = [split.seeds, split.evidence, split.later, split.heldOut];

  it("puts no message into two parts, however it is written", () => {
    const keys = parts.flat().map((message) => messageKey(message.text));
    expect(new Set(keys).size).toBe(keys.length);
    expect(split.duplicates).toBe(401 - keys.length);
  });

  it("takes three seeds of each label", () => {
    expect(
      [...Map.groupBy(split.seeds, (message) => message.category).values()].map((group) => group.length),
    ).toEqual([3, 3, 3, 3, 3]);
    expect(split.labels).toEqual(["label-0", "label-1", "label-2", "label-3", "label-4"]);
  });

  it("is the same for the same seed and another for another", () => {
    expect(splitMessages(messages, createRandom(3), LIMITS).heldOut).toEqual(
      splitMessages(messages, createRandom(3), LIMITS).heldOut,
    );
    expect(splitMessages(messages, createRandom(3), LIMITS).heldOut).not.toEqual(
      splitMessages(messages, createRandom(4), LIMITS).heldOut,
    );
  });

  it("takes no more than it may", () => {
    const limits = { seedsPerLabel: 1, evidence: 50, later: 20, heldOut: 30 };
    const few = splitMessages(messages, createRandom(3), limits);
    expect([few.seeds, few.evidence, few.later, few.heldOut].map((part) => part.length)).toEqual([
      5, 50, 20, 30,
    ]);
  });

  it("says which label has too few", () => {
    const rare = { text: "one", category: "rare" };
    expect(() => splitMessages([...messages, rare], createRandom(1), LIMITS)).toThrow(
      /"rare" has 1 distinct/,
    );
    expect(() => splitMessages([rare], createRandom(1), LIMITS)).toThrow(/same category/);
  });
});

describe("messageKey", () => {
  it.each([
    ["Where is my refund?", "where is my  REFUND"],
    ["Invoice 4711 is late", "invoice 12 is late"],
  ])("%s = %s", (one, other) => expect(messageKey(one)).toBe(messageKey(other)));
});
