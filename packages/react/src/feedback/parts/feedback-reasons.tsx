"use client";
import { type JSX, useEffect, useState } from "react";
import { useFeedbackPart } from "../feedback-context.ts";
import type { IssueCategory } from "../store/transport.ts";

/** The server's own list while an organization has none. */
export const DEFAULT_CATEGORIES: readonly IssueCategory[] = [
  { slug: "incorrect", label: "Factually incorrect" },
  { slug: "incomplete", label: "Incomplete" },
  { slug: "irrelevant", label: "Not what I asked" },
  { slug: "outdated", label: "Outdated information" },
  { slug: "unclear", label: "Hard to understand" },
  { slug: "wrong_tone", label: "Wrong tone" },
  { slug: "missing_source", label: "Missing or wrong source" },
  { slug: "unsafe", label: "Unsafe or inappropriate" },
  { slug: "too_slow", label: "Too slow" },
  { slug: "other", label: "Other" },
];

/** What was wrong: any number of the organization's issue categories. Without `categories`, the server is asked for them. */
export function FeedbackReasons({
  categories,
}: {
  categories?: readonly IssueCategory[] | undefined;
}): JSX.Element {
  const { feedback, texts } = useFeedbackPart({ reasons: "What was wrong?" });
  const [loaded, setLoaded] = useState<readonly IssueCategory[]>();
  const { loadCategories } = feedback;
  const isGiven = categories !== undefined;
  useEffect(() => {
    let isGone = false;
    if (!isGiven) void loadCategories().then((list) => isGone || setLoaded(list));
    return () => void (isGone = true);
    // Once: the list of an organization does not change while a person votes.
  }, [isGiven]);
  return (
    <fieldset className="als-reasons">
      <legend>{texts.reasons}</legend>
      {(categories ?? loaded ?? DEFAULT_CATEGORIES).map(({ slug, label }) => (
        <label key={slug} className="als-chip">
          <input
            type="checkbox"
            checked={feedback.answers.issues.includes(slug)}
            onChange={() => feedback.toggleIssue(slug)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
