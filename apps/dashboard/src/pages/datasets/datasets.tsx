import { useDatasets } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, Dataset } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { StatusFilter } from "../../components/status-filter.tsx";
import { count, decimal, NOTHING, percent, plural } from "../../format/numbers.ts";
import { humanise, type Tone } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { CreateDatasetDialog } from "./create-dataset-dialog.tsx";

const route = getRouteApi("/datasets");
export const DATASET_TONES: Record<Dataset["status"], Tone> = {
  draft: "warn",
  frozen: "good",
  archived: "neutral",
};

const COLUMNS: readonly Column<Dataset>[] = [
  { title: "Name", width: "minmax(0, 2fr)", render: (row) => `${row.name} ${row.version}` },
  {
    title: "Status",
    width: "96px",
    render: (row) => <Badge tone={DATASET_TONES[row.status]}>{humanise(row.status)}</Badge>,
  },
  { title: "Examples", width: "80px", align: "end", render: (row) => count(row.totalExamples) },
  {
    title: "Quality",
    width: "70px",
    align: "end",
    wideOnly: true,
    render: (row) => decimal(row.avgQualityScore),
  },
  {
    title: "Human verified",
    width: "110px",
    align: "end",
    wideOnly: true,
    render: (row) =>
      row.humanVerifiedPercentage === null ? NOTHING : percent(row.humanVerifiedPercentage / 100, 0),
  },
  {
    title: "Agreement",
    width: "84px",
    align: "end",
    wideOnly: true,
    render: (row) => percent(row.agreement, 0),
  },
  {
    title: "Made",
    width: "100px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.createdAt} />,
  },
];

/** What an agent may be trained and judged on. */
export function Datasets(): JSX.Element {
  return <WithAgent title="Datasets">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { status } = route.useSearch();
  const list = useDatasets(agent.slug, { status, limit: 100 });
  const may = useMay("reviewer");
  const [creating, setCreating] = useState(false);
  useShortcuts("Datasets", may ? [{ keys: "c", label: "New dataset", run: () => setCreating(true) }] : []);
  const frozen = list.data?.filter((one) => one.status === "frozen").length ?? 0;
  return (
    <ListPage
      title="Datasets"
      lead={
        list.data === undefined
          ? " "
          : `${plural(frozen, "frozen dataset")} of ${agent.name}: fixed, split without leaks, and held to its thresholds.`
      }
      actions={
        may ? (
          <Button kind="primary" hint="c" onClick={() => setCreating(true)}>
            New dataset
          </Button>
        ) : undefined
      }
      filters={<StatusFilter value={status} statuses={DATASET_TONES} />}
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/datasets/$datasetId", params: { datasetId: id } })}
      empty={
        <EmptyState title="No dataset yet">
          A dataset takes the approved examples of quality 0.7 or more. Annotate some first, then make one
          here: it shows at once which thresholds it meets, and freezing fixes it for ever.
        </EmptyState>
      }
    >
      {creating ? <CreateDatasetDialog agent={agent} onClose={() => setCreating(false)} /> : null}
    </ListPage>
  );
}
