import { useDataset, useExamples } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useCurrentAgent } from "../../agents/use-current-agent.ts";
import type { LearningExample, ReviewStatus } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filter } from "../../components/field.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { decimal } from "../../format/numbers.ts";
import { humanise, REVIEW_TONES } from "../../format/words.ts";
import { DATASET_SPLITS, type DatasetSplit } from "./dataset-splits.ts";
import { EXAMPLE_TYPES } from "./example-types.ts";

const route = getRouteApi("/examples");
const REVIEWS: readonly ReviewStatus[] = ["pending", "in_review", "approved", "rejected", "withdrawn"];

const COLUMNS: readonly Column<LearningExample>[] = [
  { title: "Input", width: "minmax(0, 3fr)", render: (row) => row.inputText },
  {
    title: "Expected",
    width: "minmax(0, 2fr)",
    wideOnly: true,
    render: (row) => row.expectedOutput || <span className="faint">Not known yet</span>,
  },
  { title: "Type", width: "104px", wideOnly: true, render: (row) => humanise(row.exampleType) },
  {
    title: "Review",
    width: "108px",
    render: (row) => <Badge tone={REVIEW_TONES[row.reviewStatus]}>{humanise(row.reviewStatus)}</Badge>,
  },
  {
    title: "Quality",
    width: "64px",
    align: "end",
    wideOnly: true,
    render: (row) => decimal(row.qualityScore),
  },
  {
    title: "When",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.createdAt} />,
  },
];

/** What may be learned from. */
export function Examples(): JSX.Element {
  const { review, type, dataset, split } = route.useSearch();
  const set = useSetSearch();
  const { agent, agents } = useCurrentAgent();
  const list = useExamples(
    {
      // A dataset is one agent's, whichever is looked at.
      ...(dataset === undefined ? { agentId: agent?.slug } : { datasetId: dataset, split }),
      reviewStatus: review,
      exampleType: type,
      limit: 200,
    },
    { enabled: agents !== undefined },
  );
  return (
    <ListPage
      title="Examples"
      lead="What was made of feedback, executions and demonstrations. Only approved ones of quality 0.7 or more enter a dataset."
      filters={
        <>
          <Filter
            label="Review"
            value={review}
            options={REVIEWS.map((one) => [one, humanise(one)] as const)}
            onChange={(value) => set({ review: value })}
          />
          <Filter
            label="Type"
            value={type}
            options={EXAMPLE_TYPES.map((one) => [one, humanise(one)] as const)}
            onChange={(value) => set({ type: value })}
          />
          {dataset === undefined ? null : <OfDataset id={dataset} split={split} />}
        </>
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/examples/$exampleId", params: { exampleId: id } })}
      empty={
        <EmptyState title="No example of this kind">
          Votes, corrections and failures become examples by themselves when the agent’s learning is enabled.
          An expert’s demonstration comes through <code>POST /api/learning/demonstrations</code>.
        </EmptyState>
      }
    />
  );
}

/** Which dataset the list is of, a filter for its splits, and the way out of it. */
function OfDataset({ id, split }: { id: string; split: DatasetSplit | undefined }): JSX.Element {
  const { data } = useDataset(id);
  const set = useSetSearch();
  return (
    <>
      <Filter
        label="Split"
        value={split}
        options={DATASET_SPLITS.map((one) => [one, humanise(one)] as const)}
        onChange={(value) => set({ split: value })}
      />
      <span className="small soft">
        in{" "}
        <Link to="/datasets/$datasetId" params={{ datasetId: id }}>
          {data === undefined ? "a dataset" : `${data.name} ${data.version}`}
        </Link>
      </span>
      <Button kind="quiet" onClick={() => set({ dataset: undefined, split: undefined })}>
        Show every example
      </Button>
    </>
  );
}
