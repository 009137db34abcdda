export const FEEDBACK_DIMENSIONS = ["accuracy", "helpfulness", "clarity", "completeness"] as const;
export type FeedbackDimension = (typeof FEEDBACK_DIMENSIONS)[number];

export type Vote = "up" | "down";

/** What a person says of one answer of the agent. */
export interface FeedbackAnswers {
  vote: Vote | null;
  /** 1 to 5. */
  rating: number | null;
  /** 1 to 5 each. */
  dimensions: Readonly<Partial<Record<FeedbackDimension, number>>>;
  /** Slugs of issue categories. */
  issues: readonly string[];
  comment: string;
  /** What the agent should have answered. */
  correction: string;
}

export const NO_ANSWERS: FeedbackAnswers = {
  vote: null,
  rating: null,
  dimensions: {},
  issues: [],
  comment: "",
  correction: "",
};

/** The API's body without who and what it is about. */
export interface WireContent {
  feedback_type: "thumbs_up" | "thumbs_down" | "rating" | "correction" | "comment" | "dimension";
  rating?: number;
  feedback_text?: string;
  correction_text?: string;
  issue_categories?: readonly string[];
  dimensions?: FeedbackAnswers["dimensions"];
}

const contradict = (vote: Vote | null, rating: number | null): boolean =>
  rating !== null && (vote === "up" ? rating < 3 : vote === "down" && rating > 3);

/** The newest word counts: stars that contradict the vote are forgotten. */
export function withVote(answers: FeedbackAnswers, vote: Vote | null): FeedbackAnswers {
  return { ...answers, vote, rating: contradict(vote, answers.rating) ? null : answers.rating };
}

/** The newest word counts: a vote that contradicts the stars turns. */
export function withRating(answers: FeedbackAnswers, rating: number | null): FeedbackAnswers {
  const vote = contradict(answers.vote, rating) ? (answers.vote === "up" ? "down" : "up") : answers.vote;
  return { ...answers, vote, rating };
}

function typeOf(answers: FeedbackAnswers): WireContent["feedback_type"] | undefined {
  if (answers.vote !== null) return answers.vote === "up" ? "thumbs_up" : "thumbs_down";
  if (answers.rating !== null) return "rating";
  if (answers.correction !== "") return "correction";
  if (answers.comment !== "") return "comment";
  return Object.keys(answers.dimensions).length > 0 ? "dimension" : undefined;
}

/** What goes to the server; null while there is nothing to say (issues alone say nothing). */
export function toContent(answers: FeedbackAnswers): WireContent | null {
  const type = typeOf(answers);
  if (type === undefined) return null;
  const { rating, dimensions, issues, comment, correction } = answers;
  return {
    feedback_type: type,
    ...(rating !== null && { rating }),
    ...(comment !== "" && { feedback_text: comment }),
    ...(correction !== "" && { correction_text: correction }),
    ...(issues.length > 0 && { issue_categories: issues }),
    ...(Object.keys(dimensions).length > 0 && { dimensions }),
  };
}

/** True when the server keeps one of it for each rater and execution: sending another amends it. */
export function isVote(content: WireContent): boolean {
  return content.rating !== undefined || content.feedback_type.startsWith("thumbs");
}
