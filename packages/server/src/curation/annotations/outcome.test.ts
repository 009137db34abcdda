import type { Decision } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { type Opinion, outcomeOf } from "./outcome.ts";

function review(decision: Decision, correctedOutput: string | null = null): Opinion {
  return { annotationType: "review", decision, correctedOutput, comparison: null, weight: 1 };
}

function adjudication(decision: Decision, correctedOutput: string | null = null): Opinion {
  return { annotationType: "adjudication", decision, correctedOutput, comparison: null, weight: 1 };
}

const settled = (decision: Decision, correctedOutput: string | null = null): object => ({
  kind: "settled",
  decision,
  correctedOutput,
  comparison: null,
});

describe("outcomeOf", () => {
  it("asks a reviewer where those who agree cannot be relied on", () => {
    const weak = { ...review("approve"), weight: 0.02 };
    expect(outcomeOf([weak], 0)).toEqual({ kind: "disagreement" });
    expect(outcomeOf([weak, weak], 0)).toEqual({ kind: "disagreement" });
    expect(outcomeOf([weak, review("approve")], 0)).toEqual(settled("approve"));
    expect(outcomeOf([weak, { ...adjudication("reject"), weight: 0.02 }], 0)).toEqual(settled("reject"));
  });

  it.each<[string, Opinion[], number, object]>([
    ["nothing yet", [], 1, { kind: "outstanding" }],
    ["one of two", [review("approve")], 1, { kind: "outstanding" }],
    ["one of one", [review("approve")], 0, settled("approve")],
    ["one rejection", [review("reject")], 0, settled("reject")],
    ["two alike", [review("approve"), review("approve")], 0, settled("approve")],
    ["two apart", [review("approve"), review("reject")], 0, { kind: "disagreement" }],
    ["two of three apart", [review("approve"), review("reject")], 1, { kind: "outstanding" }],
    ["one correction", [review("approve", "better"), review("approve")], 0, settled("approve", "better")],
    [
      "the same correction",
      [review("approve", "a  b"), review("approve", " a b\n")],
      0,
      settled("approve", "a  b"),
    ],
    ["two corrections", [review("approve", "a"), review("approve", "b")], 0, { kind: "disagreement" }],
    ["corrections of what is rejected", [review("reject", "a"), review("reject", "b")], 0, settled("reject")],
    [
      "adjudicated",
      [review("approve", "a"), review("reject"), adjudication("approve", "c")],
      0,
      settled("approve", "c"),
    ],
    [
      "adjudicated against",
      [review("approve", "a"), review("reject"), adjudication("reject")],
      0,
      settled("reject"),
    ],
    [
      "adjudicated without a correction",
      [review("approve", "a"), review("approve", "b"), adjudication("approve")],
      0,
      settled("approve"),
    ],
  ])("%s", (_name, opinions, outstanding, expected) => {
    expect(outcomeOf(opinions, outstanding)).toEqual(expected);
  });
});

describe("outcomeOf comparisons", () => {
  const compares = (preferred: "A" | "B" | "tie", strength?: number): Opinion => ({
    ...review("approve"),
    comparison: strength === undefined ? { preferred } : { preferred, strength },
  });

  it("takes what all prefer, with their mean strength", () => {
    expect(outcomeOf([compares("A", 2), compares("A", 5), compares("A")], 0)).toEqual({
      ...settled("approve"),
      comparison: { preferred: "A", strength: 4 },
    });
    expect(outcomeOf([compares("tie"), compares("tie")], 0)).toEqual({
      ...settled("approve"),
      comparison: { preferred: "tie" },
    });
  });

  it("asks a third where two prefer different outputs, and takes that word", () => {
    const said = [compares("A", 3), compares("tie")];
    expect(outcomeOf(said, 0)).toEqual({ kind: "disagreement" });
    const third: Opinion = { ...compares("B", 1), annotationType: "adjudication" };
    expect(outcomeOf([...said, third], 0)).toEqual({
      ...settled("approve"),
      comparison: { preferred: "B", strength: 1 },
    });
  });
});
