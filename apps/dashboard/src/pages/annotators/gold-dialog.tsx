import { useExamples, useSetGold } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { Agent, Decision } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";

const OFFERED = 50;
const CUT = 90;

/** What the right answer to an example is. */
export function GoldDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const set = useSetGold();
  const examples = useExamples({ agentId: agent.slug, limit: OFFERED });
  const [exampleId, setExampleId] = useState("");
  const [decision, setDecision] = useState<Decision>("approve");
  const [isTyped, setTyped] = useState(false);
  return (
    <FormDialog
      title="A known answer"
      verb="Add"
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={() =>
        set.mutate(
          { learningExampleId: exampleId, decision },
          {
            onSuccess: () => {
              onClose();
              toast("Annotators meet it among the others; nothing is learned from it.");
            },
          },
        )
      }
    >
      <Field
        label="Example"
        help={
          isTyped
            ? "Its page shows the id, to copy."
            : `The newest ${OFFERED}. Choose one whose right answer nobody doubts.`
        }
      >
        {(id) =>
          isTyped ? (
            <input
              id={id}
              type="text"
              data-first=""
              required
              className="code"
              placeholder="Id of the example"
              value={exampleId}
              onChange={(event) => setExampleId(event.target.value.trim())}
            />
          ) : (
            <select
              id={id}
              data-first=""
              required
              value={exampleId}
              onChange={(event) => setExampleId(event.target.value)}
            >
              <option value="">Choose</option>
              {examples.data?.slice(0, OFFERED).map((one) => (
                <option key={one.id} value={one.id}>
                  {one.inputText.slice(0, CUT)}
                </option>
              ))}
            </select>
          )
        }
      </Field>
      <p>
        <button
          type="button"
          className="link-button"
          onClick={() => {
            setTyped(!isTyped);
            setExampleId("");
          }}
        >
          {isTyped ? "Choose from the newest" : "Name another by its id"}
        </button>
      </p>
      <Field label="Right decision">
        {(id) => (
          <select id={id} value={decision} onChange={(event) => setDecision(event.target.value as Decision)}>
            <option value="approve">Approve</option>
            <option value="reject">Reject</option>
          </select>
        )}
      </Field>
    </FormDialog>
  );
}
