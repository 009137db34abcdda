import { useDecideInBulk } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { Fragment, type JSX, useEffect, useState } from "react";
import type { AnnotationQueue, BulkAction, BulkResult, ExampleType } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";
import { count, plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { EXAMPLE_TYPES } from "../examples/example-types.ts";

type Action = Exclude<BulkAction, "move">;

const ACTIONS: Record<Action, { verb: string; says: string; needs: "reason" | "scores" | "nothing" }> = {
  approve: { verb: "Approve", says: "They may be learned from.", needs: "scores" },
  reject: { verb: "Reject", says: "Nothing is learned from them.", needs: "reason" },
  skip: { verb: "Skip", says: "Nobody is offered them until they are put back.", needs: "reason" },
  requeue: { verb: "Put back", says: "What was skipped is offered again.", needs: "nothing" },
};

interface Selection {
  agentId: string;
  queueId: string;
  exampleTypes?: ExampleType[];
}

function selectionOf(agentId: string, queueId: string, type: ExampleType | undefined): Selection {
  return { agentId, queueId, ...(type === undefined ? {} : { exampleTypes: [type] }) };
}

/** One decision on all that waits in a queue: counted first, and done only if no more fits meanwhile. */
export function BulkDialog({ queue, onClose }: { queue: AnnotationQueue; onClose: () => void }): JSX.Element {
  const { mutate: ask, data: preview, error: refused, isPending: counting } = useDecideInBulk();
  const decide = useDecideInBulk();
  const [action, setAction] = useState<Action>("reject");
  const [type, setType] = useState<ExampleType>();
  const [reason, setReason] = useState("");
  const [quality, setQuality] = useState("0.9");
  const [done, setDone] = useState(0);
  const [working, setWorking] = useState(false);
  const { agentId, id: queueId } = queue;
  useEffect(() => {
    ask({ selection: selectionOf(agentId, queueId, type), action, preview: true });
  }, [ask, agentId, queueId, type, action]);
  const { needs, verb, says } = ACTIONS[action];
  const submit = async (): Promise<void> => {
    if (preview === undefined) return;
    const score = Number(quality);
    const scores = {
      technicalAccuracy: score,
      professionalQuality: score,
      completeness: score,
      clarity: score,
    };
    setWorking(true);
    let total = 0;
    try {
      for (let left = preview.matching; left > 0;) {
        const result: BulkResult = await decide.mutateAsync({
          selection: selectionOf(agentId, queueId, type),
          action,
          asOf: preview.asOf,
          expected: left,
          ...(needs === "scores" ? scores : {}),
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
          idempotencyKey: crypto.randomUUID(),
        });
        total += result.done;
        setDone(total);
        if (result.done === 0) break;
        left = result.remaining;
      }
      onClose();
      toast(`${plural(total, "example is", "examples are")} done.`);
    } catch {
      // The dialog stays and says why.
    } finally {
      setWorking(false);
    }
  };
  const matching = counting ? undefined : preview?.matching;
  return (
    <FormDialog
      title="Decide on many"
      verb={matching === undefined ? verb : `${verb} ${count(matching)}`}
      danger={action === "reject"}
      disabled={matching === undefined || matching === 0}
      busy={working}
      error={decide.error ?? refused}
      onClose={onClose}
      onSubmit={() => void submit()}
    >
      <Field label="What to do" help={says}>
        {(id) => (
          <select
            id={id}
            data-first=""
            value={action}
            onChange={(event) => setAction(event.target.value as Action)}
          >
            {Object.entries(ACTIONS).map(([value, words]) => (
              <option key={value} value={value}>
                {words.verb}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Type of example">
        {(id) => (
          <select
            id={id}
            value={type ?? ""}
            onChange={({ target }) => setType(EXAMPLE_TYPES.find((one) => one === target.value))}
          >
            <option value="">All</option>
            {EXAMPLE_TYPES.map((one) => (
              <option key={one} value={one}>
                {humanise(one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {needs === "scores" ? (
        <Field label="All four dimensions" help="0 to 1: what holds for every one of them.">
          {(id) => (
            <input
              id={id}
              type="number"
              min={0}
              max={1}
              step={0.05}
              required
              value={quality}
              onChange={(event) => setQuality(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      {needs === "reason" ? (
        <Field label="Why?" help="It stays with each example and in the audit log.">
          {(id) => (
            <input
              id={id}
              type="text"
              required
              maxLength={2_000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Preview preview={counting ? undefined : preview} done={done} />
    </FormDialog>
  );
}

function Preview({ preview, done }: { preview: BulkResult | undefined; done: number }): JSX.Element {
  return (
    <p aria-live="polite" className="soft">
      {preview === undefined ? (
        "Counting …"
      ) : preview.matching === 0 ? (
        "Nothing in review fits."
      ) : (
        <>
          {plural(preview.matching, "example fits", "examples fit")}
          {done > 0 ? `, ${count(done)} done` : ""}. The first:{" "}
          {preview.sampleIds.slice(0, 5).map((id, index) => (
            <Fragment key={id}>
              {index === 0 ? "" : ", "}
              <Link to="/examples/$exampleId" params={{ exampleId: id }}>
                {index + 1}
              </Link>
            </Fragment>
          ))}
        </>
      )}
    </p>
  );
}
