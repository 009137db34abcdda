import { createRandom } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { type LabelledMessage, messageKey, splitMessages } from "./split-messages.ts";

const words = ["invoice", "refund", "audit", "salary", "deadline", "portal", "letter", "notice"];
const messages: LabelledMessage[] = Array.from({ length: 400 }, (_, index) => ({
  text: `${words[index % 8] ?? ""} ${words[(index >> 3) % 8] ?? ""} ${words[(index >> 6) % 8] ?? ""} ${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + ((index * 7) % 26))}`,
  category: `label-${index % 5}`,
}));

describe("splitMessages", () => {
  const split = splitMessages(
    [...messages, { text: `  ${(messages[0]?.text ?? "").toUpperCase()}!`, category: "label-0" }],
    createRandom(3),
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
    expect(splitMessages(messages, createRandom(3)).heldOut).toEqual(
      splitMessages(messages, createRandom(3)).heldOut,
    );
    expect(splitMessages(messages, createRandom(3)).heldOut).not.toEqual(
      splitMessages(messages, createRandom(4)).heldOut,
    );
  });

  it("says which label has too few", () => {
    expect(() => splitMessages([{ text: "one", category: "rare" }], createRandom(1))).toThrow(
      /"rare" has 1 distinct/,
    );
  });
});

describe("messageKey", () => {
  it.each([
    ["Where is my refund?", "where is my  REFUND"],
    ["Invoice 4711 is late", "invoice 12 is late"],
  ])("%s = %s", (one, other) => expect(messageKey(one)).toBe(messageKey(other)));
});
