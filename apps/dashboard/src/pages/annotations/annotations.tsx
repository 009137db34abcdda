import { useAnnotations, useQueue } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useCurrentAgent } from "../../agents/use-current-agent.ts";
import type { Annotation } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filter } from "../../components/field.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { decimal, plural } from "../../format/numbers.ts";

const route = getRouteApi("/annotations");

const COLUMNS: readonly Column<Annotation>[] = [
  {
    title: "Decision",
    width: "minmax(0, 1fr)",
    render: ({ decision, annotationType }) =>
      `${decision === "approve" ? "Approved" : "Rejected"}${annotationType === "adjudication" ? ", settled" : ""}`,
  },
  {
    title: "Notes",
    width: "minmax(0, 2fr)",
    wideOnly: true,
    render: ({ notes, correctedOutput }) =>
      notes ?? (correctedOutput === null ? "" : `Corrected: ${correctedOutput}`),
  },
  {
    title: "Mean of the dimensions",
    width: "80px",
    align: "end",
    wideOnly: true,
    render: (row) => decimal(meanOf(row)),
  },
  {
    title: "By",
    width: "112px",
    render: ({ expertId }) => <CopyableId id={expertId} label="person" />,
  },
  {
    title: "Verified",
    width: "96px",
    wideOnly: true,
    render: ({ isVerified }) => (isVerified ? <Badge tone="good">Verified</Badge> : ""),
  },
  {
    title: "When",
    width: "84px",
    align: "end",
    render: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
];

function meanOf(row: Annotation): number | null {
  const scores = [row.technicalAccuracy, row.professionalQuality, row.completeness, row.clarity].filter(
    (score) => score !== null,
  );
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** What annotators said, a row for each: of everybody, or of one person, a queue, the last days. */
export function Annotations(): JSX.Element {
  const { expert, queue, days, verified } = route.useSearch();
  const set = useSetSearch();
  const { agent, agents } = useCurrentAgent();
  const named = useQueue(queue ?? "", { enabled: queue !== undefined });
  const list = useAnnotations(
    {
      agentId: agent?.slug,
      expertId: expert,
      queueId: queue,
      days,
      isVerified: verified === undefined ? undefined : verified === "yes",
      limit: 100,
    },
    { enabled: agents !== undefined },
  );
  const isRestricted = expert !== undefined || queue !== undefined || days !== undefined;
  return (
    <ListPage
      title="Annotations"
      lead={
        <>
          What annotators said{expert === undefined ? "" : ", of one person"}
          {queue === undefined ? "" : " in "}
          {queue === undefined ? null : (
            <Link to="/queues/$queueId" params={{ queueId: queue }}>
              {named.data?.name ?? "a queue"}
            </Link>
          )}
          {days === undefined ? "" : ` in ${plural(days, "day")}`}. Of examples that are still in review you
          see only your own.
        </>
      }
      actions={
        isRestricted ? (
          <Button onClick={() => set({ expert: undefined, queue: undefined, days: undefined })}>
            Show everybody’s
          </Button>
        ) : undefined
      }
      filters={
        <Filter
          label="Verified"
          value={verified}
          options={[
            ["yes", "By a second person"],
            ["no", "Not yet"],
          ]}
          onChange={(value) => set({ verified: value })}
        />
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ learningExampleId }) => ({
        to: "/examples/$exampleId",
        params: { exampleId: learningExampleId },
      })}
      empty={
        <EmptyState title="No annotation of this kind">
          They come from the <Link to="/admin/learning/annotation">annotation page</Link>, one for each
          example that somebody judged.
        </EmptyState>
      }
    />
  );
}
