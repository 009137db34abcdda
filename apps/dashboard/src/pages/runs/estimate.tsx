import { useTrainingRunEstimate } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import type { FineTuningEstimate, TrainingRun } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { compactCount, count, NOTHING, plural } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import type { Tone } from "../../format/words.ts";
import type { DatasetSplit } from "../examples/dataset-splits.ts";
import "./fine-tuning.css";

/** What a run would take and bring, and what is in its way, before it is started. */
export function Estimate({ run }: { run: TrainingRun }): JSX.Element {
  const read = useTrainingRunEstimate(run.id);
  const { data, error } = read;
  return (
    <Card
      title="What it would take"
      aside={
        data === undefined ? undefined : (
          <Badge tone={data.ready ? "good" : "bad"}>{data.ready ? "Ready" : "Not ready"}</Badge>
        )
      }
    >
      {data !== undefined ? (
        <Told estimate={data} datasetId={run.datasetId} />
      ) : error === null ? (
        <SkeletonText lines={6} />
      ) : (
        <ErrorNote error={error} retry={() => void read.refetch()} />
      )}
    </Card>
  );
}

function Told({
  estimate,
  datasetId,
}: {
  estimate: FineTuningEstimate;
  datasetId: string | null;
}): JSX.Element {
  const { missing, problems, warnings, rows, tokens, steps, seconds, basis, expectedEffect, preview } =
    estimate;
  const ofSplit = (split: DatasetSplit, words: string): ReactNode =>
    datasetId === null ? (
      words
    ) : (
      <Link to="/examples" search={{ dataset: datasetId, split }}>
        {words}
      </Link>
    );
  return (
    <div className="stack">
      <p>{expectedEffect.sentence}</p>
      <Lines tone="bad" word="Missing" lines={missing} />
      <Lines tone="bad" word="In the way" lines={problems} />
      <Lines tone="warn" word="Mind" lines={warnings} />
      <Facts
        facts={[
          [
            "Rows",
            <p key="rows">
              {ofSplit("train", `${count(rows.train)} to train on`)},{" "}
              {ofSplit("validation", `${count(rows.validation)} to watch by`)},{" "}
              {ofSplit("test", `${count(rows.test)} to judge by`)}
            </p>,
          ],
          rows.tooLong === 0 ? undefined : ["Too long", `${plural(rows.tooLong, "row")} left out`],
          ["Tokens of one pass", `about ${compactCount(tokens)}`],
          ["Steps", steps === null ? NOTHING : count(steps)],
          [
            "Time",
            seconds === null
              ? "Not known"
              : `about ${duration(seconds * 1_000)}${basis === "earlier_runs" ? ", by earlier runs" : ", by a rule of thumb"}`,
          ],
          ["Back end, method", `${estimate.backend}, ${estimate.method}`],
        ]}
      />
      {preview.length === 0 ? null : (
        <details>
          <summary>The first rows as the trainer gets them</summary>
          <pre className="text-block small training-rows" tabIndex={0} aria-label="First training rows">
            {preview.map((row) => JSON.stringify(row, undefined, 2)).join("\n\n")}
          </pre>
        </details>
      )}
    </div>
  );
}

function Lines({
  tone,
  word,
  lines,
}: {
  tone: Tone;
  word: string;
  lines: readonly string[];
}): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <ul className="stack-tight">
      {lines.map((line) => (
        <li key={line}>
          <Badge tone={tone}>{word}</Badge> {line}
        </li>
      ))}
    </ul>
  );
}
