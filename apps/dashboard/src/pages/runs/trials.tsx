import type { JSX } from "react";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { Meter } from "../../components/meter.tsx";
import { count, percent } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import type { Trial } from "./run-report.ts";
import "./trials.css";

const SHOWN = 20;

/** Every candidate that was scored, the best first; the seed is what they have to beat. */
export function Trials({ trials }: { trials: readonly Trial[] }): JSX.Element {
  const ranked = [...trials].sort((a, b) => b.score - a.score);
  return (
    <Card title={`${count(trials.length)} candidates scored`}>
      <ol className="trial-list">
        {ranked.slice(0, SHOWN).map((trial, index) => (
          <li key={trial.hash}>
            <span className="faint">{index + 1}</span>
            <span className="clip">
              {trial.origin === "seed" ? (
                <strong>Seed</strong>
              ) : (
                humanise(trial.selection ?? trial.origin ?? "candidate")
              )}
              {trial.demonstrations === undefined ? null : (
                <span className="faint"> {count(trial.demonstrations)} demonstrations</span>
              )}
            </span>
            <Meter
              value={trial.score}
              label={`Score of candidate ${index + 1}`}
              tone={trial.origin === "seed" ? "warn" : "accent"}
            />
            <span className="small">
              {percent(trial.score)}
              <span className="faint">
                {trial.standardError === undefined ? "" : ` ± ${(trial.standardError * 196).toFixed(1)}`}, n ={" "}
                {count(trial.rows)}
              </span>
            </span>
            <CopyableId id={trial.hash} label="candidate" />
          </li>
        ))}
      </ol>
    </Card>
  );
}
