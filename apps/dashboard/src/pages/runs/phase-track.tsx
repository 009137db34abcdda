import type { JSX } from "react";
import type { TrainingRun } from "../../api/types.ts";
import { humanise } from "../../format/words.ts";
import { PATH, type Phase, placeOf } from "./describe-phase.ts";
import "./fine-tuning.css";

const ENDED_BADLY: readonly Phase[] = ["failed", "lost", "cancelled", "rolled_back"];

/** The way of a run and where it is; one that left its way says so where it did. */
export function PhaseTrack({ run }: { run: TrainingRun & { phase: Phase } }): JSX.Element {
  const place = placeOf(run);
  const isOff = !PATH.includes(run.phase);
  const tone = ENDED_BADLY.includes(run.phase) ? "off" : "now";
  return (
    <ol className="phase-track" aria-label="Phases of the run">
      {PATH.map((phase, index) => (
        <li
          key={phase}
          className={index < place ? "done" : index === place ? tone : "ahead"}
          aria-current={index === place ? "step" : undefined}
        >
          <span aria-hidden="true">
            {index < place ? "✓" : index === place ? (tone === "off" ? "✕" : "●") : "○"}
          </span>{" "}
          {humanise(phase)}
          {index === place && isOff ? `: ${humanise(run.phase).toLowerCase()}` : ""}
        </li>
      ))}
    </ol>
  );
}
