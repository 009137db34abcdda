import {
  useCommonIssues,
  useFeedbackList,
  useFeedbackStats,
  useOrganization,
} from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useMemo } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, Feedback, FeedbackStatistics, FeedbackType } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Choice, Filter } from "../../components/field.tsx";
import { Figure, Figures } from "../../components/figure.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { count, decimal, percent } from "../../format/numbers.ts";
import { FEEDBACK_WORDS, humanise } from "../../format/words.ts";
import { serverNow } from "../../session/server-clock.ts";
import { Issues } from "./issues.tsx";
import { Verdict } from "./verdict.tsx";

const route = getRouteApi("/feedback");
const DAY = 86_400_000;

/** What users said about an agent's answers. */
export function FeedbackPage(): JSX.Element {
  return <WithAgent title="Feedback">{(agent) => <Explorer agent={agent} />}</WithAgent>;
}

function describe(stats: FeedbackStatistics): string {
  if (stats.feedback === 0) return `Nobody has said anything in the last ${stats.days} days.`;
  const votes =
    stats.satisfaction === null
      ? "no votes among it"
      : `${percent(stats.satisfaction)} satisfied over ${count(stats.votes)} votes`;
  return `${count(stats.feedback)} pieces of feedback in ${stats.days} days, ${votes}.`;
}

const COLUMNS: readonly Column<Feedback>[] = [
  { title: "Verdict", width: "minmax(104px, 140px)", render: (row) => <Verdict feedback={row} /> },
  {
    title: "What was said",
    width: "minmax(0, 3fr)",
    render: (row) =>
      row.correctionText ?? row.feedbackText ?? <span className="faint">{row.signal ?? "No words"}</span>,
  },
  {
    title: "Issues",
    width: "minmax(0, 1fr)",
    wideOnly: true,
    render: (row) => row.issueCategories.map(humanise).join(", "),
  },
  {
    title: "Execution",
    width: "130px",
    wideOnly: true,
    render: (row) => <span className="code small">{row.executionId}</span>,
  },
  {
    title: "Status",
    width: "100px",
    wideOnly: true,
    render: (row) =>
      row.status === "live" ? (
        <span className="faint">Live</span>
      ) : (
        <Badge tone="neutral">{row.status}</Badge>
      ),
  },
  { title: "When", width: "96px", align: "end", render: (row) => <RelativeTime time={row.createdAt} /> },
];

function Explorer({ agent }: { agent: Agent }): JSX.Element {
  const { type, status, days = 30, issue } = route.useSearch();
  const from = useMemo(
    () => new Date(Math.floor(serverNow() / DAY) * DAY - (days - 1) * DAY).toISOString(),
    [days],
  );
  const stats = useFeedbackStats(agent.slug, { days });
  const issues = useCommonIssues(agent.slug, { days });
  const categories = useOrganization().data?.issueCategories ?? [];
  // What waits for its execution is not counted by its issues yet.
  const waits = status === "held" || status === "expired";
  const list = useFeedbackList(agent.slug, {
    feedbackType: type,
    status,
    from,
    issue: waits ? undefined : issue,
    limit: 200,
  });
  const set = useSetSearch();
  const { data } = stats;
  return (
    <ListPage
      title="Feedback"
      lead={data === undefined ? <Skeleton width={400} height={24} /> : describe(data)}
      actions={
        <Choice
          label="Period"
          value={String(days)}
          options={[
            ["7", "7 days"],
            ["30", "30 days"],
            ["90", "90 days"],
            ["365", "1 year"],
          ]}
          onChange={(value) => set({ days: Number(value) })}
        />
      }
      above={
        <>
          <Figures>
            <Figure
              label="Satisfaction"
              value={data && percent(data.satisfaction)}
              detail={data && `n = ${count(data.votes)} votes`}
              to={{ to: "/feedback", search: { days } }}
            />
            <Figure
              label="Mean rating"
              value={data && decimal(data.averageRating)}
              detail={
                data &&
                `of 5, n = ${count(Object.values(data.ratingDistribution).reduce((sum, value) => sum + value, 0))}`
              }
              to={{ to: "/feedback", search: { type: "rating", days } }}
            />
            <Figure
              label="Corrections"
              value={data && count(data.corrections)}
              detail={data && `${percent(data.correctionRate)} of the feedback`}
              to={{ to: "/feedback", search: { type: "correction", days } }}
            />
            <Figure
              label="Waiting for its execution"
              value={data && count(data.held.waiting)}
              detail={data && `${count(data.held.attached)} attached, ${count(data.held.expired)} expired`}
              to={{ to: "/feedback", search: { status: "held", days } }}
            />
            <Figure
              label="Withdrawn"
              value={data && count(data.withdrawn)}
              detail="by the raters themselves"
              to={{ to: "/feedback", search: { status: "withdrawn", days } }}
            />
          </Figures>
          <Issues issues={issues.data} chosen={issue} onChoose={(slug) => set({ issue: slug })} />
        </>
      }
      filters={
        <>
          <Filter
            label="Type"
            value={type}
            options={Object.entries(FEEDBACK_WORDS) as [FeedbackType, string][]}
            onChange={(value) => set({ type: value })}
          />
          <Choice
            label="Status"
            value={status ?? "live"}
            options={[
              ["live", "Live"],
              ["withdrawn", "Withdrawn"],
              ["held", "Waiting for its execution"],
              ["expired", "Expired"],
              ["all", "All"],
            ]}
            onChange={(value) => set({ status: value === "live" ? undefined : value })}
          />
          {waits ? null : (
            <Filter
              label="Issue"
              value={issue}
              options={categories.map(({ slug, label }) => [slug, label] as const)}
              onChange={(value) => set({ issue: value })}
            />
          )}
        </>
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/feedback/$feedbackId", params: { feedbackId: id } })}
      empty={
        <EmptyState title="No feedback of this kind">
          Put the vote buttons beside your agent’s answers with <code>{"<FeedbackCollector>"}</code>, or send
          a vote yourself:
          <pre>{`curl -X POST ${location.origin}/api/learning/feedback \\
  -H "Authorization: Bearer $LEARNING_KEY" -H "Content-Type: application/json" \\
  -d '{"agent_id":"${agent.slug}","execution_id":"abc-123","feedback_type":"thumbs_up"}'`}</pre>
        </EmptyState>
      }
    />
  );
}
