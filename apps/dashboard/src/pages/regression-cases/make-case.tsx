import { useCreateRegressionCase } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";
import { useMay } from "../../session/session-context.ts";

interface MakeCaseProps {
  agentId: string;
  /** Where the case comes from: one of them. */
  source: { executionId: string } | { feedbackId: string } | { learningExampleId: string };
  /** What is known of the right answer, to begin with. */
  expected: string | null;
}

/** Makes what one looks at a case that every later version has to answer. */
export function MakeCase(props: MakeCaseProps): JSX.Element | null {
  const may = useMay("annotator");
  const [asked, setAsked] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button onClick={() => setAsked(true)}>Make it a regression case</Button>
      {asked ? <MakeCaseDialog {...props} onClose={() => setAsked(false)} /> : null}
    </>
  );
}

function MakeCaseDialog({
  agentId,
  source,
  expected,
  onClose,
}: MakeCaseProps & { onClose: () => void }): JSX.Element {
  const create = useCreateRegressionCase();
  const [text, setText] = useState(expected ?? "");
  const [slice, setSlice] = useState("default");
  const [isPinned, setPinned] = useState(true);
  const submit = (): void => {
    create.mutate(
      { agentId, ...source, expectedOutput: text.trim() === "" ? undefined : text, slice, isPinned },
      {
        onSuccess: () => {
          onClose();
          toast("The gate asks it from now on.");
        },
      },
    );
  };
  return (
    <FormDialog
      title="A case for the release gate"
      verb="Make the case"
      busy={create.isPending}
      error={create.error}
      actions={
        <Link to="/regression-cases" className="small">
          Every case
        </Link>
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <Field
        label="What must it answer?"
        help="Left empty, the case is that it must not answer what it did, unless a correction says what is right."
      >
        {(id) => <textarea id={id} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <Field label="Slice" help="Pass rates are counted, and floors are set, by slice.">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            maxLength={100}
            value={slice}
            onChange={(event) => setSlice(event.target.value)}
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={isPinned} onChange={(event) => setPinned(event.target.checked)} />
        Pinned: refuse every version that gets it wrong
      </label>
    </FormDialog>
  );
}
