import type { FieldError } from "@agent-learning/contract";
import { checkChunkMarks } from "./chunk-marks.ts";
import { checkPassageMarks } from "./passage-marks.ts";
import type { StoredContent } from "./feedback-content.ts";

/** Which fields may go together. Empty: the content makes sense. Paths are relative to the feedback. */
export function checkContent(content: StoredContent, categories: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [
    ...(content.feedback_type === "implicit" ? checkImplicit(content) : checkVote(content)),
    ...checkChunkMarks(content.metadata),
    ...checkPassageMarks(content.metadata),
  ];
  const unknown = content.issue_categories.filter((category) => !categories.has(category));
  for (const category of unknown) {
    errors.push({
      path: `issue_categories.${content.issue_categories.indexOf(category)}`,
      message: `${JSON.stringify(category)} is not one of this organization's issue categories: ${[...categories].join(", ")}`,
    });
  }
  return errors;
}

function checkImplicit(content: StoredContent): FieldError[] {
  const errors: FieldError[] = [];
  if (content.signal === null) errors.push({ path: "signal", message: "implicit feedback names its signal" });
  const judged = {
    rating: content.rating !== null,
    feedback_text: content.feedback_text !== null,
    correction_text: content.correction_text !== null,
    issue_categories: content.issue_categories.length > 0,
    dimensions: Object.keys(content.dimensions).length > 0,
  };
  for (const [path, present] of Object.entries(judged)) {
    if (present)
      errors.push({
        path,
        message: "implicit feedback is not a judgement: send this as feedback of its own",
      });
  }
  return errors;
}

function checkVote(content: StoredContent): FieldError[] {
  const { feedback_type: type, rating } = content;
  const errors: FieldError[] = [];
  const need = (path: keyof StoredContent, present: boolean): void => {
    if (!present) errors.push({ path, message: `feedback of type ${type} needs it` });
  };
  if (content.signal !== null)
    errors.push({ path: "signal", message: "only implicit feedback has a signal" });
  if (type === "rating") need("rating", rating !== null);
  if (type === "correction") need("correction_text", content.correction_text !== null);
  if (type === "comment") need("feedback_text", content.feedback_text !== null);
  if (type === "dimension") {
    need(
      "dimensions",
      Object.values(content.dimensions).some((value) => value !== undefined),
    );
  }
  if (type === "thumbs_up" && rating !== null && rating < 3) {
    errors.push({ path: "rating", message: "a thumbs-up does not go with a rating below 3" });
  }
  if (type === "thumbs_down" && rating !== null && rating > 3) {
    errors.push({ path: "rating", message: "a thumbs-down does not go with a rating above 3" });
  }
  return errors;
}

/** A correction that says what the agent said corrects nothing. */
export function checkCorrection(content: StoredContent, output: string | null): FieldError[] {
  if (content.correction_text === null || content.correction_text.trim() !== output?.trim()) return [];
  return [{ path: "correction_text", message: "is what the agent answered: a correction differs from it" }];
}
