import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { CommonIssues } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { count, percent } from "../../format/numbers.ts";
import "./issues.css";

const TRENDS = { rising: "↑ rising", steady: "→ steady", falling: "↓ falling" } as const;

interface IssuesProps {
  issues: CommonIssues | undefined;
  chosen: string | undefined;
  onChoose: (slug: string | undefined) => void;
}

/** What users complain about, most frequent first; a category filters the rows below. */
export function Issues({ issues, chosen, onChoose }: IssuesProps): JSX.Element {
  const most = Math.max(1, ...(issues?.issues.map((issue) => issue.count) ?? []));
  return (
    <Card
      title="Common issues"
      aside={
        chosen === undefined ? undefined : (
          <Button kind="quiet" onClick={() => onChoose(undefined)}>
            Show all feedback
          </Button>
        )
      }
    >
      <div className="issues">
        {issues === undefined ? (
          <SkeletonText lines={2} />
        ) : issues.issues.length === 0 ? (
          <p className="soft">
            No feedback names an issue in this period. <code>{"<FeedbackCollector>"}</code> offers the
            categories after a thumbs down.
          </p>
        ) : (
          <ul className="issue-list">
            {issues.issues.map((issue) => (
              <li key={issue.category}>
                <button
                  type="button"
                  className="issue-name"
                  aria-pressed={chosen === issue.category}
                  onClick={() => onChoose(chosen === issue.category ? undefined : issue.category)}
                >
                  {issue.label}
                </button>
                <Meter value={issue.count / most} label={`Share of ${issue.label}`} tone="warn" />
                <span className="small">
                  {count(issue.count)} <span className="faint">({percent(issue.share, 0)})</span>
                </span>
                <span
                  className={
                    issue.trend === "rising"
                      ? "small bad"
                      : issue.trend === "falling"
                        ? "small good"
                        : "small faint"
                  }
                  title={`${issue.previousCount} in the period before`}
                >
                  {TRENDS[issue.trend]}
                </span>
                <span className="small issue-rows">
                  {issue.recentFeedbackIds.slice(0, 3).map((id, index) => (
                    <Link key={id} to="/feedback/$feedbackId" params={{ feedbackId: id }}>
                      row {index + 1}
                    </Link>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}
