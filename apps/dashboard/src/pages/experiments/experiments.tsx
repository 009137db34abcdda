import { useExperiments } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, Experiment } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { StatusFilter } from "../../components/status-filter.tsx";
import { count, NOTHING, percent, plural } from "../../format/numbers.ts";
import { EXPERIMENT_TONES, humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { treatmentsOf } from "./arms.ts";
import { CreateExperimentDialog } from "./create-experiment-dialog.tsx";

const route = getRouteApi("/experiments");

const COLUMNS: readonly Column<Experiment>[] = [
  { title: "Experiment", width: "minmax(0, 2fr)", render: (row) => row.name },
  {
    title: "Status",
    width: "100px",
    render: (row) => <Badge tone={EXPERIMENT_TONES[row.status]}>{humanise(row.status)}</Badge>,
  },
  {
    title: "Health",
    width: "110px",
    wideOnly: true,
    render: (row) =>
      row.health.status === "unknown" ? (
        <span className="faint">Not known yet</span>
      ) : (
        <Badge tone={row.health.status === "healthy" ? "good" : "bad"}>{humanise(row.health.status)}</Badge>
      ),
  },
  {
    title: "Units an arm",
    width: "150px",
    align: "end",
    wideOnly: true,
    render: (row) =>
      [row.currentControlSamples, ...treatmentsOf(row).map((arm) => row.samples[arm] ?? 0)]
        .map(count)
        .join(" / "),
  },
  {
    title: "Significance",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => percent(row.statisticalSignificance, 2),
  },
  {
    title: "Decision",
    width: "minmax(0, 150px)",
    wideOnly: true,
    render: (row) => (row.decision === null ? NOTHING : humanise(row.decision)),
  },
  {
    title: "Started",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.startedAt} />,
  },
];

/** Every test of one version against another. */
export function Experiments(): JSX.Element {
  return <WithAgent title="Experiments">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { status } = route.useSearch();
  const list = useExperiments(agent.slug, { status, limit: 100 }, { refetchInterval: 10_000 });
  const may = useMay("reviewer");
  const [creating, setCreating] = useState(false);
  useShortcuts(
    "Experiments",
    may ? [{ keys: "c", label: "New experiment", run: () => setCreating(true) }] : [],
  );
  const running = list.data?.filter((one) => one.status === "running").length ?? 0;
  return (
    <ListPage
      title="Experiments"
      lead={
        running > 0
          ? `${plural(running, "experiment is", "experiments are")} running. Look as often as you like: the intervals hold at every look.`
          : "Nothing is being tested. A candidate that passes the gate drafts its own experiment; launching it is one key."
      }
      actions={
        may ? (
          <Button hint="c" onClick={() => setCreating(true)}>
            New experiment
          </Button>
        ) : undefined
      }
      filters={<StatusFilter value={status} statuses={EXPERIMENT_TONES} />}
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/experiments/$experimentId", params: { experimentId: id } })}
      empty={
        <EmptyState title="No experiment of this kind">
          Two versions meet users at the same time, each user always in the same arm. A training run whose
          candidate passes the gate drafts one; or compare any two versions yourself.
        </EmptyState>
      }
    >
      {creating ? <CreateExperimentDialog agent={agent} onClose={() => setCreating(false)} /> : null}
    </ListPage>
  );
}
