import { FeedbackCollector } from "@agent-learning/react";
import { QUERY_ROOT, useExecution, useFeedbackList } from "@agent-learning/react/query";
import "@agent-learning/react/tokens.css";
import "@agent-learning/react/styles.css";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { Page } from "../../components/page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { TextBlock } from "../../components/text-block.tsx";
import { count, milliseconds, NOTHING } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { MakeCase } from "../regression-cases/make-case.tsx";
import { Verdict } from "../feedback/verdict.tsx";

const route = getRouteApi("/executions/$executionId");

/** One run: what was asked, what was answered, what users said of it. */
export function ExecutionPage(): JSX.Element {
  return <WithAgent title="Execution">{(agent) => <One agent={agent} />}</WithAgent>;
}

function One({ agent }: { agent: Agent }): JSX.Element {
  const { executionId } = route.useParams();
  const queries = useQueryClient();
  const may = useMay("annotator");
  const { data, error, refetch } = useExecution(agent.slug, executionId);
  const feedback = useFeedbackList(
    agent.slug,
    { executionId: data?.executionId, status: "all" },
    { enabled: data !== undefined },
  );
  return (
    <Page
      title="Execution"
      trail={<Link to="/executions">Executions</Link>}
      lead={
        data === undefined
          ? undefined
          : data.status === "failed"
            ? `It failed: ${data.errorMessage ?? data.errorType ?? "no reason was told"}`
            : "It succeeded."
      }
      actions={
        data === undefined ? undefined : (
          <MakeCase agentId={agent.slug} source={{ executionId: data.executionId }} expected={null} />
        )
      }
    >
      {error === null || data !== undefined ? null : <ErrorNote error={error} retry={() => void refetch()} />}
      <div className="columns">
        <div className="stack">
          <Card title="Input">
            {data === undefined ? <SkeletonText /> : <TextBlock text={data.inputText} />}
          </Card>
          <Card title="Output">
            {data === undefined ? <SkeletonText /> : <TextBlock text={data.outputText} empty="No output" />}
          </Card>
          {may && data !== undefined && data.outputText !== null ? (
            <Card title="What do you say?">
              <FeedbackCollector
                executionId={data.executionId}
                agentId={agent.slug}
                agentOutput={data.outputText}
                onFeedbackSubmitted={() =>
                  void queries.invalidateQueries({ queryKey: [QUERY_ROOT, "feedback"] })
                }
              />
            </Card>
          ) : null}
          <Card title="What users said">
            {feedback.data === undefined ? (
              <SkeletonText lines={2} />
            ) : feedback.data.length === 0 ? (
              <p className="soft">Nobody has said anything about it.</p>
            ) : (
              <ul className="stack-tight">
                {feedback.data.map((one) => (
                  <li key={one.id} className="row-apart">
                    <Link to="/feedback/$feedbackId" params={{ feedbackId: one.id }}>
                      <Verdict feedback={one} />
                    </Link>
                    <span className="clip grow soft">{one.correctionText ?? one.feedbackText ?? ""}</span>
                    <span className="small faint">
                      <RelativeTime time={one.createdAt} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
        <Card title="Facts">
          {data === undefined ? (
            <SkeletonText lines={8} />
          ) : (
            <Facts
              facts={[
                ["Id", <CopyableId key="id" id={data.id} />],
                ["Caller’s id", <CopyableId key="own" id={data.executionId} />],
                [
                  "Outcome",
                  data.status === "failed" ? (
                    <Badge tone="bad">Failed</Badge>
                  ) : (
                    <Badge tone="good">Succeeded</Badge>
                  ),
                ],
                data.errorType === null
                  ? undefined
                  : ["Error", `${data.errorType}: ${data.errorMessage ?? ""}`],
                [
                  "Version",
                  data.versionId === null ? (
                    NOTHING
                  ) : (
                    <Link
                      key="version"
                      to="/agents/$agentSlug/versions/$versionId"
                      params={{ agentSlug: agent.slug, versionId: data.versionId }}
                    >
                      What it ran
                    </Link>
                  ),
                ],
                [
                  "Split",
                  data.split === null ? (
                    NOTHING
                  ) : data.split.kind === "experiment" ? (
                    <Link
                      key="split"
                      to="/experiments/$experimentId"
                      params={{ experimentId: data.split.id }}
                    >
                      Experiment, {data.split.arm}
                    </Link>
                  ) : (
                    <Link key="split" to="/rollouts/$rolloutId" params={{ rolloutId: data.split.id }}>
                      Rollout, {data.split.arm}
                    </Link>
                  ),
                ],
                ["Unit", data.unitId === null ? NOTHING : <CopyableId key="unit" id={data.unitId} />],
                [
                  "Session",
                  data.sessionId === null ? NOTHING : <CopyableId key="session" id={data.sessionId} />,
                ],
                ["Latency", milliseconds(data.latencyMs)],
                [
                  "Tokens",
                  data.promptTokens === null
                    ? NOTHING
                    : `${count(data.promptTokens)} in, ${count(data.completionTokens ?? 0)} out`,
                ],
                ["When", <RelativeTime key="when" time={data.createdAt} />],
              ]}
            />
          )}
        </Card>
      </div>
    </Page>
  );
}
