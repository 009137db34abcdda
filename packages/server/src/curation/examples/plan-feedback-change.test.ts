import { describe, expect, it } from "vitest";
import type { ExampleContent } from "./example-from-feedback.ts";
import { type FeedbackPlan, planFeedbackChange, type PresentExample } from "./plan-feedback-change.ts";

const content: ExampleContent = {
  example_type: "correction",
  input_text: "question",
  original_output: "answer",
  expected_output: "better",
};
const changed: ExampleContent = { ...content, expected_output: "best" };

function present(state: Partial<PresentExample> = {}): PresentExample {
  return { ...content, is_annotated: false, is_frozen: false, ...state };
}

const fresh = { is_annotated: false, is_frozen: false };
const annotated = { is_annotated: true, is_frozen: false };
const frozen = { is_annotated: true, is_frozen: true };
const frozenOnly = { is_annotated: false, is_frozen: true };

describe("planFeedbackChange", () => {
  it.each<[string, PresentExample | undefined, ExampleContent | null, FeedbackPlan]>([
    ["nothing to nothing", undefined, null, { present: "keep", create: false }],
    ["new evidence", undefined, content, { present: "keep", create: true }],
    ["unchanged", present(), content, { present: "keep", create: false }],
    ["unchanged and frozen", present(frozen), content, { present: "keep", create: false }],
    ["changed before anybody judged it", present(fresh), changed, { present: "rewrite", create: false }],
    ["changed after somebody judged it", present(annotated), changed, { present: "withdraw", create: true }],
    ["changed after a dataset froze it", present(frozen), changed, { present: "deactivate", create: true }],
    ["changed in a frozen dataset", present(frozenOnly), changed, { present: "deactivate", create: true }],
    ["withdrawn before anybody judged it", present(fresh), null, { present: "withdraw", create: false }],
    ["withdrawn after somebody judged it", present(annotated), null, { present: "withdraw", create: false }],
    ["withdrawn after a dataset froze it", present(frozen), null, { present: "deactivate", create: false }],
  ])("%s", (_name, before, wanted, plan) => {
    expect(planFeedbackChange(before, wanted)).toEqual(plan);
  });

  it("notices a change of type alone", () => {
    const negative: ExampleContent = { ...content, example_type: "negative" };
    expect(planFeedbackChange(present(), negative).present).toBe("rewrite");
  });
});
