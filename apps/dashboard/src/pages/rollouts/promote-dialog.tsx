import { usePromoteRollout } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Field } from "../../components/field.tsx";
import { ReasonDialog } from "../../components/reason-dialog.tsx";
import { carryOut } from "../../components/carry-out.ts";
import { toast } from "../../components/toast.tsx";
import { percent } from "../../format/numbers.ts";

/** A later stage at once, without its hours and users: what a person answers for. */
export function PromoteDialog({
  rollout,
  onClose,
}: {
  rollout: RolloutDetails;
  onClose: () => void;
}): JSX.Element {
  const promote = usePromoteRollout();
  const [stage, setStage] = useState(rollout.stage + 1);
  const later = rollout.stages.map(({ share }, index) => ({ share, index })).slice(rollout.stage + 1);
  const verdict = rollout.why?.verdict;
  return (
    <ReasonDialog
      title="Promote without waiting"
      verb="Promote"
      required
      busy={promote.isPending}
      error={promote.error}
      onClose={onClose}
      onConfirm={(reason = "") =>
        carryOut(
          promote.mutateAsync({ rolloutId: rollout.id, version: rollout.version, reason, stage }),
          () => {
            onClose();
            toast("Promoted.");
          },
        )
      }
    >
      <p>
        {rollout.why === null
          ? "Nothing has been looked at yet: you would go ahead without evidence."
          : `The last look says ${verdict === "ADVANCE" ? "that it may go ahead" : (verdict ?? "").toLowerCase()}: ${rollout.why.reason}`}
      </p>
      <Field label="To" help="Its hours and its least number of users are skipped; its guardrails are not.">
        {(id) => (
          <select id={id} value={stage} onChange={(event) => setStage(Number(event.target.value))}>
            {later.map(({ share, index }) => (
              <option key={index} value={index}>
                {index === rollout.stages.length - 1 ? "Everybody" : `${percent(share, 0)} of users`}
              </option>
            ))}
          </select>
        )}
      </Field>
    </ReasonDialog>
  );
}
