import { type TrainingRunEvents, useTrainingArtifacts } from "@agent-learning/react/query";
import type { JSX } from "react";
import type { TrainingRun } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { StepChart } from "../../components/step-chart.tsx";
import { Table } from "../../components/table.tsx";
import { humanise } from "../../format/words.ts";
import type { Phase } from "./describe-phase.ts";
import { Estimate } from "./estimate.tsx";
import { PhaseTrack } from "./phase-track.tsx";
import { describeLoss, readLosses } from "./read-metrics.ts";

const BEFORE_TRAINING: readonly Phase[] = ["draft", "validating", "queued"];
const COLORS = { loss: "--chart-1", eval_loss: "--chart-3" } as const;
const NAMES: Readonly<Record<string, string>> = {
  loss: "Loss in training",
  eval_loss: "Loss on held-out rows",
};

/** What is special about a run of fine-tuning: its phases, what it would take, its loss, its files. */
export function FineTuning({
  run,
  log,
}: {
  run: TrainingRun & { phase: Phase };
  log: TrainingRunEvents;
}): JSX.Element {
  return (
    <>
      <Card title="Where it is">
        <PhaseTrack run={run} />
      </Card>
      {BEFORE_TRAINING.includes(run.phase) ? <Estimate run={run} /> : <Loss log={log} />}
      <Artifacts runId={run.id} phase={run.phase} />
    </>
  );
}

function Loss({ log }: { log: TrainingRunEvents }): JSX.Element | null {
  const losses = readLosses(log.events);
  const [main] = losses;
  if (main === undefined)
    return log.ended ? null : (
      <Card title="Loss">
        <p className="soft">The curve begins with the first step that the trainer reports.</p>
      </Card>
    );
  return (
    <Card title="Loss">
      <div className="stack-tight">
        <p>{describeLoss(main)}</p>
        <StepChart
          label={describeLoss(main)}
          format={(value) => value.toFixed(2)}
          series={losses.map(({ name, points }) => ({
            name: NAMES[name] ?? humanise(name),
            color: name === "eval_loss" ? COLORS.eval_loss : COLORS.loss,
            points,
          }))}
        />
      </div>
    </Card>
  );
}

function Artifacts({ runId, phase }: { runId: string; phase: Phase }): JSX.Element | null {
  const { data } = useTrainingArtifacts(runId, {
    enabled: !BEFORE_TRAINING.includes(phase),
    refetchInterval: phase === "evaluating" ? 5_000 : undefined,
  });
  if (data === undefined || data.data.length === 0) return null;
  return (
    <Card title="Files that it made">
      <Table
        label="Files of the run"
        head={["File", "Kind", "Size", "SHA-256"]}
        rows={data.data.map(({ id, name, kind, bytes, sha256 }) => ({
          key: id,
          cells: [name, humanise(kind), sizeOf(bytes), <CopyableId key="hash" id={sha256} label="hash" />],
        }))}
      />
      <p className="small faint">
        A reviewer approves these hashes, and only files with them are ever served.
      </p>
    </Card>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
