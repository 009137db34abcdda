import { expect, it } from "vitest";
import { describeComparison, isPair, sidesOf, withPreferred, withStrength } from "./comparison.ts";
import { toSubmission } from "./desk-api.ts";
import type { Outgoing } from "./desk-storage.ts";
import { type Draft, isTouched } from "./draft.ts";
import type { ClaimedAnnotation } from "./types.ts";

const claimed = (first: "A" | "B"): ClaimedAnnotation =>
  ({
    task: { id: "t", kind: "annotation", fencingToken: 1 },
    example: { id: "e", exampleType: "preference", outputA: "one", outputB: "two", expectedOutput: "" },
    comparison: { first },
    annotations: [],
  }) as unknown as ClaimedAnnotation;
const EMPTY: Draft = { scores: {}, corrected: "", notes: "", suggestions: "" };

it("shows the outputs in the order that was drawn, under the letters of their places", () => {
  expect(sidesOf(claimed("B"))).toEqual([
    { letter: "A", output: "B", text: "two" },
    { letter: "B", output: "A", text: "one" },
  ]);
  expect(sidesOf(claimed("A"))[0]).toMatchObject({ letter: "A", output: "A" });
  expect(isPair(claimed("A"))).toBe(true);
  expect(isPair({} as ClaimedAnnotation)).toBe(false);
});

it("keeps a strength with a preferred output and none with a tie", () => {
  const chosen = withPreferred(EMPTY, "B");
  expect(chosen.comparison).toEqual({ preferred: "B", strength: 3 });
  expect(withPreferred(withStrength(chosen, 5), "A").comparison).toEqual({ preferred: "A", strength: 5 });
  const tie = withPreferred(chosen, "tie");
  expect(tie.comparison).toEqual({ preferred: "tie" });
  expect(withStrength(tie, 2)).toBe(tie);
  expect(withStrength(EMPTY, 2)).toBe(EMPTY);
  expect(isTouched(chosen, claimed("A").example)).toBe(true);
});

it("submits what was compared and no dimensions, and nothing of it with a rejection", () => {
  const draft = withPreferred({ ...EMPTY, scores: { clarity: 1 } }, "B");
  const judgement = { claimed: claimed("B"), decision: "approve", draft } as Outgoing;
  const sent = toSubmission(judgement);
  expect(sent).toMatchObject({ decision: "approve", preference: { preferred: "B", strength: 3 } });
  expect(sent.clarity).toBeUndefined();
  expect(toSubmission({ ...judgement, decision: "reject" }).preference).toBeUndefined();
});

it("tells an adjudicator what was said in the letters that are shown", () => {
  const said = (preference: object | undefined) =>
    describeComparison(
      { annotationData: preference === undefined ? {} : { preference } } as never,
      sidesOf(claimed("B")),
    );
  expect(said({ preferred: "B", strength: 1 })).toBe("A is slightly better");
  expect(said({ preferred: "A" })).toBe("B is better");
  expect(said({ preferred: "tie" })).toBe("Neither is better");
  expect(said(undefined)).toBeUndefined();
});
