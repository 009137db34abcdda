import { useTakeSecondLook } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useEffect } from "react";
import type { SecondLookResult } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toast } from "../../components/toast.tsx";
import { count, percent, plural } from "../../format/numbers.ts";

const AT_MOST = 20;

/** Approved examples that their neighbours contradict: which they are, before they go back into review. */
export function SecondLookDialog({
  queueId,
  onClose,
}: {
  queueId: string;
  onClose: () => void;
}): JSX.Element {
  const { mutate: ask, data: found, error: refused } = useTakeSecondLook();
  const send = useTakeSecondLook();
  useEffect(() => ask({ queueId, limit: AT_MOST, preview: true }), [ask, queueId]);
  const nothing = found?.examples.length === 0;
  return (
    <FormDialog
      title="Second look"
      verb={found === undefined || nothing ? "Send back" : `Send ${count(found.examples.length)} back`}
      disabled={found === undefined || nothing}
      busy={send.isPending}
      error={refused ?? send.error}
      onClose={onClose}
      onSubmit={() =>
        send.mutate(
          { queueId, limit: AT_MOST },
          {
            onSuccess: ({ examples }) => {
              onClose();
              toast(`${plural(examples.length, "example is", "examples are")} in review again.`);
            },
          },
        )
      }
    >
      <p className="soft">
        The newest approved examples of this queue whose outputs repeat are held against their neighbours.
        Those that their neighbours contradict go back into review.
      </p>
      {found === undefined ? refused === null ? <SkeletonText lines={4} /> : null : <Found found={found} />}
    </FormDialog>
  );
}

function Found({ found }: { found: SecondLookResult }): JSX.Element {
  return (
    <>
      <p>
        {plural(found.compared, "example")} with {plural(found.outputs, "output")} compared,{" "}
        {plural(found.doubtful, "is doubtful", "are doubtful")}.
      </p>
      {found.examples.length === 0 ? null : (
        <ul className="stack-tight">
          {found.examples.map((one, index) => (
            <li key={one.learningExampleId}>
              <Link to="/examples/$exampleId" params={{ exampleId: one.learningExampleId }}>
                Example {index + 1}
              </Link>
              : its output {percent(one.ownProbability, 0)} likely, {percent(one.otherProbability, 0)} is{" "}
              <q className="wrap">{one.otherOutput.slice(0, 120)}</q>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
