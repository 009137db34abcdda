import type { ServingConfiguration } from "@agent-learning/contract";
import { type CamelCased, useRevertServing } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Facts } from "../../components/facts.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toast } from "../../components/toast.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";

/** What production runs, and the way back. */
export function Serving({
  agent,
  serving,
}: {
  agent: Agent;
  serving: CamelCased<ServingConfiguration> | undefined;
}): JSX.Element {
  const may = useMay("reviewer");
  const [reverting, setReverting] = useState(false);
  const versions = serving?.versions as Record<string, { id: string; number: number }> | undefined;
  const served =
    serving?.defaultVersionId === null || serving === undefined
      ? undefined
      : versions?.[serving.defaultVersionId];
  const split = serving?.split ?? null;
  return (
    <Card
      title="In production"
      aside={
        may && served !== undefined ? (
          <Button kind="quiet" onClick={() => setReverting(true)}>
            Go back a version
          </Button>
        ) : undefined
      }
    >
      {serving === undefined ? (
        <SkeletonText lines={3} />
      ) : (
        <Facts
          facts={[
            [
              "Version",
              served === undefined ? (
                "Nothing is in service yet"
              ) : (
                <Link
                  key="served"
                  to="/agents/$agentSlug/versions/$versionId"
                  params={{ agentSlug: agent.slug, versionId: served.id }}
                >
                  Version {served.number}
                </Link>
              ),
            ],
            [
              "Split",
              split === null ? (
                NOTHING
              ) : split.kind === "experiment" ? (
                <Link key="split" to="/experiments/$experimentId" params={{ experimentId: split.id }}>
                  An experiment, {percent(split.share, 0)} in treatment
                </Link>
              ) : (
                <Link key="split" to="/rollouts/$rolloutId" params={{ rolloutId: split.id }}>
                  A rollout, {percent(split.share, 0)} on the candidate
                </Link>
              ),
            ],
            ["Revision", serving.revision],
          ]}
        />
      )}
      {reverting ? <RevertDialog agent={agent} onClose={() => setReverting(false)} /> : null}
    </Card>
  );
}

function RevertDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const revert = useRevertServing();
  const [reason, setReason] = useState("");
  const submit = (): void => {
    revert.mutate(
      { agentId: agent.slug, reason },
      {
        onSuccess: () => {
          onClose();
          toast("The version before is in service again.");
        },
      },
    );
  };
  return (
    <FormDialog
      title="Go back to the version before"
      verb="Go back"
      danger
      busy={revert.isPending}
      error={revert.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>Every agent that asks gets the version that served before this one, within a second.</p>
      <Field label="Why?">
        {(id) => (
          <input
            id={id}
            type="text"
            autoFocus
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
