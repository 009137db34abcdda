import { useTrainingRuns } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, TrainingRun, TrainingType } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filter } from "../../components/field.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { Meter } from "../../components/meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { StatusFilter } from "../../components/status-filter.tsx";
import { plural } from "../../format/numbers.ts";
import { humanise, RUN_TONES, TRAINING_WORDS } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { PHASE_TONES } from "./describe-phase.ts";
import { FineTuningDialog } from "./fine-tuning-dialog.tsx";
import { OptimizeDialog } from "./optimize-dialog.tsx";

const route = getRouteApi("/runs");

const COLUMNS: readonly Column<TrainingRun>[] = [
  { title: "Run", width: "minmax(0, 2fr)", render: (row) => row.name },
  {
    title: "Way of learning",
    width: "160px",
    wideOnly: true,
    render: (row) => TRAINING_WORDS[row.trainingType],
  },
  {
    title: "Status",
    width: "132px",
    render: (row) =>
      row.phase === null ? (
        <Badge tone={RUN_TONES[row.status]}>{humanise(row.status)}</Badge>
      ) : (
        <Badge tone={PHASE_TONES[row.phase]}>{humanise(row.phase)}</Badge>
      ),
  },
  {
    title: "Outcome",
    width: "120px",
    wideOnly: true,
    render: (row) =>
      typeof row.metrics["outcome"] === "string" ? (
        humanise(row.metrics["outcome"])
      ) : (
        <span className="faint">None yet</span>
      ),
  },
  {
    title: "Progress",
    width: "120px",
    wideOnly: true,
    render: (row) =>
      row.status === "running" ? (
        <Meter value={row.progressPercentage / 100} label={`${row.progressPercentage} %`} />
      ) : (
        `${row.progressPercentage} %`
      ),
  },
  {
    title: "Started",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.startedAt ?? row.createdAt} />,
  },
];

/** Every attempt to learn. */
export function Runs(): JSX.Element {
  return <WithAgent title="Training runs">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { status, type } = route.useSearch();
  const set = useSetSearch();
  const list = useTrainingRuns(
    agent.slug,
    { status, trainingType: type, limit: 100 },
    { refetchInterval: 5_000 },
  );
  const may = useMay("reviewer");
  const [starting, setStarting] = useState<"prompt" | "tuning">();
  const close = (): void => setStarting(undefined);
  useShortcuts(
    "Training runs",
    may
      ? [
          { keys: "c", label: "Optimise the prompt", run: () => setStarting("prompt") },
          { keys: "f", label: "Draft a fine-tuning", run: () => setStarting("tuning") },
        ]
      : [],
  );
  const running =
    list.data?.filter((one) => one.status === "running" || one.status === "pending").length ?? 0;
  return (
    <ListPage
      title="Training runs"
      lead={
        running > 0
          ? `${plural(running, "run is", "runs are")} under way.`
          : "Nothing is learning now. Each run makes a candidate version, and a gate judges it on rows that it never saw."
      }
      actions={
        may ? (
          <>
            <Button hint="f" onClick={() => setStarting("tuning")}>
              Draft a fine-tuning
            </Button>
            <Button kind="primary" hint="c" onClick={() => setStarting("prompt")}>
              Optimise the prompt
            </Button>
          </>
        ) : undefined
      }
      filters={
        <>
          <StatusFilter value={status} statuses={RUN_TONES} />
          <Filter
            label="Way of learning"
            value={type}
            options={Object.entries(TRAINING_WORDS) as [TrainingType, string][]}
            onChange={(value) => set({ type: value })}
          />
        </>
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/runs/$runId", params: { runId: id } })}
      empty={
        <EmptyState title="No run of this kind">
          Freeze a dataset, then start an optimisation here. It proposes variants, scores them, and lets the
          gate decide.
        </EmptyState>
      }
    >
      {starting === "prompt" ? <OptimizeDialog agent={agent} onClose={close} /> : null}
      {starting === "tuning" ? <FineTuningDialog agent={agent} onClose={close} /> : null}
    </ListPage>
  );
}
