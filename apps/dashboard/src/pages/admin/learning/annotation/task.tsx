import type { Draft } from "@agent-learning/react/admin";
import { useExample } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { ClaimedAnnotation } from "../../../../api/types.ts";
import { Badge } from "../../../../components/badge.tsx";
import { Card } from "../../../../components/card.tsx";
import { CopyableId } from "../../../../components/copyable-id.tsx";
import { Field } from "../../../../components/field.tsx";
import { Key } from "../../../../components/button.tsx";
import { RelativeTime } from "../../../../components/relative-time.tsx";
import { TextBlock } from "../../../../components/text-block.tsx";
import { TextDiff } from "../../../../components/text-diff.tsx";
import { decimal } from "../../../../format/numbers.ts";
import { humanise } from "../../../../format/words.ts";

interface TaskProps {
  claimed: ClaimedAnnotation;
  draft: Draft;
  onChange: (draft: Draft) => void;
  onApprove: () => void;
}

/** What is to be judged: the input, what was answered beside what should be, and the difference word by word. */
export function Task({ claimed, draft, onChange }: TaskProps): JSX.Element {
  const { example, task, annotations } = claimed;
  return (
    <div className="stack">
      <Card
        title="Input"
        aside={
          <span className="row">
            <Badge tone="neutral">{humanise(example.exampleType)}</Badge>
            <CopyableId id={example.id} label="example" />
          </span>
        }
      >
        <TextBlock text={example.inputText} />
        {Object.keys(example.inputContext).length === 0 ? null : (
          <details>
            <summary className="soft">Context</summary>
            <pre className="text-block">{JSON.stringify(example.inputContext, null, 2)}</pre>
          </details>
        )}
      </Card>
      {task.deferReason === null ? null : (
        <p className="soft">
          <Badge tone="warn">Passed on</Badge> {task.deferReason}
        </p>
      )}
      {annotations.length > 0 ? (
        <Opinions annotations={annotations} onTake={(text) => onChange({ ...draft, corrected: text })} />
      ) : null}
      <Card title="Answered, and expected">
        <div className="stack">
          {example.outputA === null ? null : (
            <div className="side-by-side">
              <Option name="A" text={example.outputA} preferred={example.preferredOutput === "A"} />
              <Option name="B" text={example.outputB ?? ""} preferred={example.preferredOutput === "B"} />
            </div>
          )}
          <div className="side-by-side">
            <div className="field">
              <p className="strong">What it answered</p>
              <TextBlock text={example.originalOutput} empty="It gave no answer" />
            </div>
            <Field
              label={
                <>
                  What it should answer <Key name="e" />
                </>
              }
            >
              {(_id) => (
                <textarea
                  id="corrected"
                  aria-label="What it should answer"
                  dir="auto"
                  value={draft.corrected}
                  placeholder="Write the right answer, or leave it empty and reject"
                  onChange={(event) => onChange({ ...draft, corrected: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== "Escape") return;
                    event.preventDefault();
                    event.currentTarget.blur();
                  }}
                />
              )}
            </Field>
          </div>
          <div className="stack-tight">
            <h3>Difference</h3>
            <TextDiff before={example.originalOutput ?? ""} after={draft.corrected} />
          </div>
        </div>
      </Card>
      <History exampleId={example.id} />
    </div>
  );
}

function Option({ name, text, preferred }: { name: string; text: string; preferred: boolean }): JSX.Element {
  return (
    <div className="stack-tight">
      <p className="strong">
        Output {name} {preferred ? <Badge tone="good">Preferred</Badge> : null}
      </p>
      <TextBlock text={text} />
    </div>
  );
}

/** For an adjudication: what the annotators said, without their names. */
function Opinions({
  annotations,
  onTake,
}: {
  annotations: ClaimedAnnotation["annotations"];
  onTake: (text: string) => void;
}): JSX.Element {
  return (
    <Card title="What the annotators said">
      <div className="side-by-side">
        {annotations.map((annotation, index) => (
          <div key={annotation.id} className="stack-tight">
            <p className="row">
              <strong>Annotator {index + 1}</strong>
              <Badge tone={annotation.decision === "approve" ? "good" : "bad"}>
                {annotation.decision === "approve" ? "Approved" : "Rejected"}
              </Badge>
            </p>
            <p className="small soft">
              Accuracy {decimal(annotation.technicalAccuracy)}, quality{" "}
              {decimal(annotation.professionalQuality)}, completeness {decimal(annotation.completeness)},
              clarity {decimal(annotation.clarity)}
            </p>
            {annotation.correctedOutput === null ? null : (
              <>
                <TextBlock text={annotation.correctedOutput} />
                <button
                  type="button"
                  className="button button-plain"
                  onClick={() => onTake(annotation.correctedOutput ?? "")}
                >
                  Take this correction
                </button>
              </>
            )}
            {annotation.notes === null ? null : <p className="pre">{annotation.notes}</p>}
          </div>
        ))}
      </div>
    </Card>
  );
}

/** Where it came from. */
function History({ exampleId }: { exampleId: string }): JSX.Element | null {
  const { data } = useExample(exampleId);
  if (data === undefined) return null;
  const { feedback, execution } = data.lineage;
  return (
    <Card title="History">
      <ul className="stack-tight">
        {execution === null ? null : (
          <li>
            Answered{" "}
            <Link to="/executions/$executionId" params={{ executionId: execution.id }}>
              as {execution.executionId}
            </Link>{" "}
            <RelativeTime time={execution.createdAt} />
          </li>
        )}
        {feedback === null ? null : (
          <li>
            A user gave{" "}
            <Link to="/feedback/$feedbackId" params={{ feedbackId: feedback.id }}>
              {humanise(feedback.feedbackType).toLowerCase()}
              {feedback.rating === null ? "" : ` of ${feedback.rating}`}
            </Link>{" "}
            <RelativeTime time={feedback.createdAt} />
          </li>
        )}
        <li>
          Became an example <RelativeTime time={data.createdAt} />
        </li>
      </ul>
    </Card>
  );
}
