import { DIMENSIONS, type Draft } from "@agent-learning/react/admin";
import type { JSX } from "react";
import type { ClaimedAnnotation, Decision, QualityDimension } from "../../../../api/types.ts";
import { Button, Key } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { humanise } from "../../../../format/words.ts";
import { Guidelines } from "./guidelines.tsx";
import { NotesField } from "./notes-field.tsx";

interface JudgementProps {
  claimed: ClaimedAnnotation;
  draft: Draft;
  /** Of the queue, beside what holds for all. */
  guidelines: string | undefined;
  onChange: (draft: Draft) => void;
  onDecide: (decision: Decision) => void;
  onDefer: () => void;
  onNext: () => void;
}

/** The four dimensions, a note, and the decision. */
export function Judgement({
  draft,
  guidelines,
  onChange,
  onDecide,
  onDefer,
  onNext,
}: JudgementProps): JSX.Element {
  return (
    <div className="judgement">
      <Card title="Your judgement">
        <div className="stack">
          <p className="small faint">
            <Key name="1" /> to <Key name="4" /> choose a dimension; <Key name="5" /> to <Key name="9" /> and{" "}
            <Key name="0" /> judge the rest.
          </p>
          {DIMENSIONS.map((dimension, index) => (
            <Dimension
              key={dimension}
              dimension={dimension}
              shortcut={String(index + 1)}
              score={draft.scores[dimension]}
              onChange={(score) => onChange({ ...draft, scores: { ...draft.scores, [dimension]: score } })}
            />
          ))}
          <NotesField notes={draft.notes} onChange={(notes) => onChange({ ...draft, notes })} />
          <div className="decisions">
            <Button kind="primary" hint="a" onClick={() => onDecide("approve")}>
              Approve
            </Button>
            <Button kind="danger" hint="r" onClick={() => onDecide("reject")}>
              Reject
            </Button>
            <Button hint="d" onClick={onDefer}>
              Pass on
            </Button>
            <Button hint="n" onClick={onNext}>
              Next
            </Button>
          </div>
          <Guidelines ofQueue={guidelines} />
        </div>
      </Card>
    </div>
  );
}

interface DimensionProps {
  dimension: QualityDimension;
  shortcut: string;
  score: number | undefined;
  onChange: (score: number) => void;
}

function Dimension({ dimension, shortcut, score, onChange }: DimensionProps): JSX.Element {
  const id = `dimension-${dimension}`;
  return (
    <div className="dimension">
      <label htmlFor={id}>
        {humanise(dimension)} <Key name={shortcut} />
      </label>
      <span
        className={score === undefined ? "dimension-value faint" : "dimension-value strong"}
        aria-hidden="true"
      >
        {score === undefined ? "not set" : score.toFixed(2)}
      </span>
      <input
        id={id}
        type="range"
        className={score === undefined ? "unset" : undefined}
        min={0}
        max={1}
        step={0.05}
        value={score ?? 0.5}
        aria-valuetext={score === undefined ? "not set" : score.toFixed(2)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
