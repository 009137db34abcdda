import type { JSX } from "react";
import type { ExperimentResults } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { count } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";

const HOUR = 3_600_000;

/** What has to come before a decision. */
export function Missing({ results }: { results: ExperimentResults }): JSX.Element {
  const { experiment, runningHours } = results;
  const { power } = experiment;
  const smaller = Math.min(
    experiment.currentControlSamples,
    experiment.currentTreatmentSamples,
    ...experiment.additionalTreatments.map(({ name }) => experiment.samples[name] ?? 0),
  );
  const time = experiment.minDurationHours === 0 ? 1 : runningHours / experiment.minDurationHours;
  const units = experiment.minSampleSize === 0 ? 1 : smaller / experiment.minSampleSize;
  return (
    <Card title="Missing for a decision">
      <div className="stack">
        <Progress
          label="Time"
          value={time}
          note={`${duration(runningHours * HOUR)} of ${duration(experiment.minDurationHours * HOUR)}`}
        />
        <Progress
          label="Users in the smallest arm"
          value={units}
          note={`${count(smaller)} of ${count(experiment.minSampleSize)}`}
        />
        {power === null || experiment.decision !== null ? null : (
          <p className="small faint">
            {power.sentence}
            {power.expectedEnd === null ? null : (
              <>
                {" "}
                Expected end: <RelativeTime time={power.expectedEnd} />.
              </>
            )}
          </p>
        )}
        {experiment.decision !== null ? (
          <p className="soft">It is decided.</p>
        ) : experiment.missing.length === 0 ? (
          <p>
            <span className="good" aria-hidden="true">
              ✓{" "}
            </span>
            {experiment.status === "draft" ? "Nothing: it may be launched." : "Nothing: it may be decided."}
          </p>
        ) : (
          <ul className="stack-tight">
            {experiment.missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function Progress({ label, value, note }: { label: string; value: number; note: string }): JSX.Element {
  return (
    <div>
      <div className="row-apart">
        <span>{label}</span>
        <span className="small faint">{note}</span>
      </div>
      <Meter value={value} label={label} tone={value >= 1 ? "good" : "accent"} />
    </div>
  );
}
