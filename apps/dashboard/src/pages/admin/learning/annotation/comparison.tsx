import {
  describeComparison,
  type Draft,
  sidesOf,
  STRENGTHS,
  withPreferred,
  withStrength,
} from "@agent-learning/react/admin";
import type { JSX } from "react";
import type { ClaimedAnnotation, Decision } from "../../../../api/types.ts";
import { Badge } from "../../../../components/badge.tsx";
import { Button, Key } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { CopyableId } from "../../../../components/copyable-id.tsx";
import { TextBlock } from "../../../../components/text-block.tsx";
import { Guidelines } from "./guidelines.tsx";
import { NotesField } from "./notes-field.tsx";

interface ComparisonProps {
  claimed: ClaimedAnnotation;
  draft: Draft;
}

/** Two answers to one input, in an order that chance drew. Which version gave which is not shown. */
export function ComparisonTask({ claimed, draft }: ComparisonProps): JSX.Element {
  const { example, task, annotations } = claimed;
  const sides = sidesOf(claimed);
  return (
    <div className="stack">
      <Card
        title="Input"
        aside={
          <span className="row">
            <Badge tone="neutral">Preference</Badge>
            <CopyableId id={example.id} label="example" />
          </span>
        }
      >
        <TextBlock text={example.inputText} />
      </Card>
      {task.deferReason === null ? null : (
        <p className="soft">
          <Badge tone="warn">Passed on</Badge> {task.deferReason}
        </p>
      )}
      {annotations.length === 0 ? null : (
        <Card title="What the annotators said">
          <ul className="stack-tight">
            {annotations.map((annotation, index) => (
              <li key={annotation.id}>
                <strong>Annotator {index + 1}</strong>{" "}
                {annotation.decision === "approve"
                  ? (describeComparison(annotation, sides) ?? "Approved")
                  : "Rejected the pair"}
                {annotation.notes === null ? null : <p className="pre">{annotation.notes}</p>}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <div className="side-by-side">
        {sides.map(({ letter, output, text }) => (
          <Card
            key={letter}
            title={
              <>
                Answer {letter} <Key name={letter.toLowerCase()} />
              </>
            }
            aside={draft.comparison?.preferred === output ? <Badge tone="accent">✓ Better</Badge> : null}
          >
            <TextBlock text={text} />
          </Card>
        ))}
      </div>
    </div>
  );
}

interface JudgementProps extends ComparisonProps {
  /** Of the queue, beside what holds for all. */
  guidelines: string | undefined;
  onChange: (draft: Draft) => void;
  onDecide: (decision: Decision) => void;
  onDefer: () => void;
  onNext: () => void;
}

/** Which is better, how much, a note, and the decision. */
export function ComparisonJudgement(props: JudgementProps): JSX.Element {
  const { claimed, draft, guidelines, onChange, onDecide } = props;
  const { comparison } = draft;
  const sides = sidesOf(claimed);
  const isDecided = comparison !== undefined && comparison.preferred !== "tie";
  return (
    <div className="judgement">
      <Card title="Your judgement">
        <div className="stack">
          <fieldset className="choices">
            <legend>Which answer is better?</legend>
            {sides.map(({ letter, output }) => (
              <Radio
                key={output}
                name="preferred"
                label={`Answer ${letter}`}
                hint={letter.toLowerCase()}
                checked={comparison?.preferred === output}
                onChoose={() => onChange(withPreferred(draft, output))}
              />
            ))}
            <Radio
              name="preferred"
              label="Neither is better"
              hint="t"
              checked={comparison?.preferred === "tie"}
              onChoose={() => onChange(withPreferred(draft, "tie"))}
            />
          </fieldset>
          <fieldset className="choices" disabled={!isDecided}>
            <legend>How much?</legend>
            {STRENGTHS.map((label, index) => (
              <Radio
                key={label}
                name="strength"
                label={label}
                hint={String(index + 1)}
                checked={comparison?.strength === index + 1}
                onChoose={() => onChange(withStrength(draft, index + 1))}
              />
            ))}
          </fieldset>
          <NotesField notes={draft.notes} onChange={(notes) => onChange({ ...draft, notes })} />
          <div className="decisions">
            <Button kind="primary" hint="s" onClick={() => onDecide("approve")}>
              Save
            </Button>
            <Button kind="danger" hint="r" onClick={() => onDecide("reject")}>
              Reject the pair
            </Button>
            <Button hint="d" onClick={props.onDefer}>
              Pass on
            </Button>
            <Button hint="n" onClick={props.onNext}>
              Next
            </Button>
          </div>
          <Guidelines ofQueue={guidelines} />
        </div>
      </Card>
    </div>
  );
}

function Radio(props: {
  name: string;
  label: string;
  hint: string;
  checked: boolean;
  onChoose: () => void;
}): JSX.Element {
  return (
    <label>
      <input type="radio" name={props.name} checked={props.checked} onChange={props.onChoose} />
      <span>{props.label}</span> <Key name={props.hint} />
    </label>
  );
}
