import { useFeedbackById, useFeedbackHistory } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { Page } from "../../components/page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { TextBlock } from "../../components/text-block.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { FEEDBACK_WORDS, humanise } from "../../format/words.ts";
import { MakeCase } from "../regression-cases/make-case.tsx";
import { Verdict } from "./verdict.tsx";

const route = getRouteApi("/feedback/$feedbackId");

/** One piece of feedback with what it said before it was changed. */
export function OneFeedback(): JSX.Element {
  const { feedbackId } = route.useParams();
  const { data, error, refetch } = useFeedbackById(feedbackId);
  const history = useFeedbackHistory(feedbackId);
  const revisions = history.data?.revisions ?? [];
  return (
    <Page
      title={data === undefined ? "Feedback" : FEEDBACK_WORDS[data.feedbackType]}
      trail={<Link to="/feedback">Feedback</Link>}
      lead={data === undefined ? undefined : <Verdict feedback={data} />}
      actions={
        data === undefined || data.status !== "live" ? undefined : (
          <MakeCase agentId={data.agentId} source={{ feedbackId: data.id }} expected={data.correctionText} />
        )
      }
    >
      {error === null || data !== undefined ? null : <ErrorNote error={error} retry={() => void refetch()} />}
      <div className="columns">
        <Card title="What was said">
          {data === undefined ? (
            <SkeletonText lines={5} />
          ) : (
            <div className="stack">
              {data.feedbackText === null && data.correctionText !== null ? null : (
                <TextBlock text={data.feedbackText} empty="No words" />
              )}
              {data.correctionText === null ? null : (
                <div className="stack-tight">
                  <h3>What the answer should have been</h3>
                  <TextBlock text={data.correctionText} />
                </div>
              )}
            </div>
          )}
        </Card>
        <Card title="Facts">
          {data === undefined ? (
            <SkeletonText lines={6} />
          ) : (
            <Facts
              facts={[
                ["Id", <CopyableId key="id" id={data.id} />],
                [
                  "Execution",
                  <Link
                    key="execution"
                    to="/executions/$executionId"
                    params={{ executionId: data.executionId }}
                    className="code"
                  >
                    {data.executionId}
                  </Link>,
                ],
                [
                  "Status",
                  <Badge key="status" tone={data.status === "live" ? "good" : "neutral"}>
                    {humanise(data.status)}
                  </Badge>,
                ],
                ["Satisfaction", percent(data.satisfaction, 0)],
                [
                  "Issues",
                  data.issueCategories.length === 0 ? NOTHING : data.issueCategories.map(humanise).join(", "),
                ],
                [
                  "Dimensions",
                  Object.entries(data.dimensions)
                    .map(([name, value]) => `${humanise(name)} ${value}`)
                    .join(", ") || NOTHING,
                ],
                ["Rater", <CopyableId key="rater" id={data.userId} />],
                ["Given", <RelativeTime key="given" time={data.createdAt} />],
                ["Version", data.version === 1 ? "1" : `${data.version} (amended)`],
              ]}
            />
          )}
        </Card>
      </div>
      {revisions.length === 0 ? null : (
        <Card title="Before it was changed">
          <ul className="stack">
            {revisions.map((revision) => (
              <li key={revision.version} className="stack-tight">
                <p className="soft">
                  Version {revision.version}, {revision.action}{" "}
                  <RelativeTime time={(revision as unknown as { createdAt: string }).createdAt} />
                </p>
                <pre className="text-block">{JSON.stringify(revision.snapshot, null, 2)}</pre>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}
