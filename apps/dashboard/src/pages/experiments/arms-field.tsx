import type { JSX } from "react";
import type { AgentVersionSummary } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { armWord } from "./arms.ts";
import { type DraftArm, equalShares, holdoutOf, withTreatment } from "./draft-arms.ts";
import "./arms-field.css";

const MOST_ARMS = 10;

/** Which version each arm runs, and for how many of the users. What they leave over stays outside of the experiment. */
export function ArmsField({
  arms,
  versions,
  onChange,
}: {
  arms: readonly DraftArm[];
  versions: readonly AgentVersionSummary[];
  onChange: (arms: DraftArm[]) => void;
}): JSX.Element {
  const names = arms.slice(1).map(({ name }) => name);
  const free = versions.find(({ id }) => !arms.some(({ versionId }) => versionId === id));
  const holdout = holdoutOf(arms);
  const setOne = (index: number, change: Partial<DraftArm>): void =>
    onChange(arms.map((arm, at) => (at === index ? { ...arm, ...change } : arm)));
  return (
    <fieldset className="stack-tight">
      <legend className="strong">Arms</legend>
      {arms.map((arm, index) => {
        const word = armWord(arm.name, names);
        return (
          <div key={arm.name} className="arm-row">
            <span>{word}</span>
            <select
              aria-label={`Version of ${word}`}
              required
              value={arm.versionId}
              onChange={(event) => setOne(index, { versionId: event.target.value })}
            >
              {versions.map((one) => (
                <option key={one.id} value={one.id}>
                  Version {one.number}: {one.changeSummary ?? one.origin}
                </option>
              ))}
            </select>
            <span className="arm-share">
              <input
                type="number"
                aria-label={`Share of ${word}, percent`}
                min={1}
                max={100}
                step={1}
                required
                value={Number.isNaN(arm.percentage) ? "" : arm.percentage}
                onChange={(event) => setOne(index, { percentage: event.target.valueAsNumber })}
              />
              <span>%</span>
            </span>
            {index < 2 ? null : (
              <Button
                kind="quiet"
                aria-label={`Remove ${word}`}
                onClick={() => onChange(equalShares(arms.filter((_arm, at) => at !== index)))}
              >
                Remove
              </Button>
            )}
          </div>
        );
      })}
      <p className="small faint" role="status">
        {holdout < 0
          ? `The arms come to ${100 - holdout} %: lower them by ${-holdout} in all.`
          : holdout > 0
            ? `${holdout} % of the users stay outside of the experiment, with what production runs.`
            : "Everybody takes part."}
      </p>
      <span>
        <Button
          disabled={free === undefined || arms.length >= MOST_ARMS}
          onClick={() => {
            if (free !== undefined) onChange(withTreatment(arms, free.id));
          }}
        >
          Add a treatment
        </Button>
      </span>
    </fieldset>
  );
}
