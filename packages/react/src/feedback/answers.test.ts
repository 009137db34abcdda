import { submitFeedback } from "@agent-learning/contract";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeedbackAnswers, isVote, NO_ANSWERS, toContent, withRating, withVote } from "./answers.ts";

const up = withVote(NO_ANSWERS, "up");

describe("answers", () => {
  it.each<[string, FeedbackAnswers, object | null]>([
    ["nothing", NO_ANSWERS, null],
    ["issues alone", { ...NO_ANSWERS, issues: ["other"] }, null],
    ["a vote", up, { feedback_type: "thumbs_up" }],
    ["a vote with stars", withRating(up, 4), { feedback_type: "thumbs_up", rating: 4 }],
    ["stars", withRating(NO_ANSWERS, 1), { feedback_type: "rating", rating: 1 }],
    ["a text", { ...NO_ANSWERS, comment: "hm" }, { feedback_type: "comment", feedback_text: "hm" }],
    [
      "a correction with reasons",
      { ...NO_ANSWERS, correction: "31", issues: ["incorrect"] },
      { feedback_type: "correction", correction_text: "31", issue_categories: ["incorrect"] },
    ],
    [
      "a dimension",
      { ...NO_ANSWERS, dimensions: { clarity: 2 } },
      { feedback_type: "dimension", dimensions: { clarity: 2 } },
    ],
  ])("%s", (_name, answers, content) => {
    expect(toContent(answers)).toEqual(content);
  });

  it.each<[FeedbackAnswers, Pick<FeedbackAnswers, "vote" | "rating">]>([
    [withRating(up, 2), { vote: "down", rating: 2 }],
    [withRating(up, 3), { vote: "up", rating: 3 }],
    [withVote(withRating(up, 5), "down"), { vote: "down", rating: null }],
    [withVote(withRating(NO_ANSWERS, 5), null), { vote: null, rating: 5 }],
    [withRating(withVote(NO_ANSWERS, "down"), 4), { vote: "up", rating: 4 }],
  ])("the newest word counts %#", (answers, expected) => {
    expect(answers).toMatchObject(expected);
  });

  it("never says what the API refuses, whatever is clicked in whatever order", () => {
    const click = fc.oneof(
      fc.constantFrom("up", "down", null).map((vote) => (a: FeedbackAnswers) => withVote(a, vote)),
      fc.option(fc.integer({ min: 1, max: 5 })).map((stars) => (a: FeedbackAnswers) => withRating(a, stars)),
      fc.string().map((comment) => (a: FeedbackAnswers) => ({ ...a, comment })),
      fc
        .integer({ min: 1, max: 5 })
        .map((n) => (a: FeedbackAnswers) => ({ ...a, dimensions: { accuracy: n } })),
    );
    fc.assert(
      fc.property(fc.array(click, { maxLength: 8 }), (clicks) => {
        const content = toContent(clicks.reduce((answers, change) => change(answers), NO_ANSWERS));
        if (content === null) return;
        const about = { agent_id: "my-agent", execution_id: "abc-123" };
        expect(submitFeedback.safeParse({ ...about, ...content }).error).toBeUndefined();
        const { feedback_type: type, rating = 3 } = content;
        expect(type === "thumbs_up" && rating < 3).toBe(false);
        expect(type === "thumbs_down" && rating > 3).toBe(false);
        expect(isVote(content)).toBe(
          /thumbs|rating/.test(content.feedback_type) || content.rating !== undefined,
        );
      }),
    );
  });
});
