import type { Redactor } from "../../administration/redaction/index.ts";
import type {
  Dimensions,
  FeedbackContent,
  FeedbackType,
  ImplicitSignal,
  JsonValue,
} from "@agent-learning/contract";

/** What a rater said, with every field present, as it is stored. */
export interface StoredContent {
  feedback_type: FeedbackType;
  rating: number | null;
  feedback_text: string | null;
  correction_text: string | null;
  issue_categories: string[];
  dimensions: Dimensions;
  signal: ImplicitSignal | null;
  metadata: Record<string, JsonValue>;
}

const EMPTY: Omit<StoredContent, "feedback_type"> = {
  rating: null,
  feedback_text: null,
  correction_text: null,
  issue_categories: [],
  dimensions: {},
  signal: null,
  metadata: {},
};

/** Fills what was left out or null. Categories are named once each. */
export function fillContent(content: FeedbackContent): StoredContent {
  return {
    feedback_type: content.feedback_type,
    rating: content.rating ?? null,
    feedback_text: content.feedback_text ?? null,
    correction_text: content.correction_text ?? null,
    issue_categories: [...new Set(content.issue_categories ?? [])],
    dimensions: content.dimensions ?? EMPTY.dimensions,
    signal: content.signal ?? null,
    metadata: content.metadata ?? EMPTY.metadata,
  };
}

/** Content with a change: fields that the change leaves out stay, null clears. */
export function changeContent(
  before: StoredContent,
  change: { [field in keyof FeedbackContent]?: FeedbackContent[field] | undefined },
): StoredContent {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return fillContent({ ...before, ...named });
}

/**
 * 0 to 1: thumbs are 0 or 1, a rating r is (r - 1) / 4. Null: no vote. Implicit signals never are one.
 */
export function satisfactionOf(content: Pick<StoredContent, "feedback_type" | "rating">): number | null {
  switch (content.feedback_type) {
    case "implicit":
      return null;
    case "thumbs_up":
      return 1;
    case "thumbs_down":
      return 0;
    default:
      return content.rating === null ? null : (content.rating - 1) / 4;
  }
}

/** True when two contents say the same, whatever the order of categories or fields. */
export function sameContent(a: StoredContent, b: StoredContent): boolean {
  return canonical(fillContent(a)) === canonical(fillContent(b));
}

function canonical({ issue_categories: categories, ...rest }: StoredContent): string {
  return JSON.stringify([sorted(categories.toSorted()), sorted(rest)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

/** The content as its agent's policy lets it be stored. */
export function redactContent(content: StoredContent, redactor: Redactor): StoredContent {
  return {
    ...content,
    feedback_text: redactor.text(content.feedback_text),
    correction_text: redactor.text(content.correction_text),
    metadata: redactor.json(content.metadata),
  };
}
