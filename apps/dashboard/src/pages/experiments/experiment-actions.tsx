import { useUpdateExperiment } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { Experiment, ExperimentDecision } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { carryOut } from "../../components/carry-out.ts";
import { Field } from "../../components/field.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { armWord, treatmentsOf } from "./arms.ts";

const DONE = { running: "The experiment runs.", paused: "The experiment is paused." } as const;

/** Launch, pause, go on, decide. */
export function ExperimentActions({ experiment }: { experiment: Experiment }): JSX.Element | null {
  const may = useMay("reviewer");
  const update = useUpdateExperiment();
  const [deciding, setDeciding] = useState(false);
  const [stopping, setStopping] = useState(false);
  const { status } = experiment;
  const set = (next: "running" | "paused"): void =>
    update.mutate(
      { experimentId: experiment.id, revision: experiment.revision, status: next },
      { onSuccess: () => toast(DONE[next]), onError: toastError },
    );
  const open = may && (status === "draft" || status === "running" || status === "paused");
  useShortcuts(
    "Experiment",
    !open
      ? []
      : status === "draft"
        ? [{ keys: "l", label: "Launch", run: () => set("running") }]
        : [
            { keys: "d", label: "Decide", run: () => setDeciding(true) },
            {
              keys: "p",
              label: status === "running" ? "Pause" : "Go on",
              run: () => set(status === "running" ? "paused" : "running"),
            },
          ],
  );
  if (!open) return null;
  return (
    <>
      {status === "draft" ? (
        <Button kind="primary" hint="l" busy={update.isPending} onClick={() => set("running")}>
          Launch
        </Button>
      ) : (
        <>
          <Button
            hint="p"
            busy={update.isPending}
            onClick={() => set(status === "running" ? "paused" : "running")}
          >
            {status === "running" ? "Pause" : "Go on"}
          </Button>
          <Button onClick={() => setStopping(true)}>Stop</Button>
          <Button kind="primary" hint="d" onClick={() => setDeciding(true)}>
            Decide
          </Button>
        </>
      )}
      {stopping ? <StopDialog experiment={experiment} onClose={() => setStopping(false)} /> : null}
      {deciding ? <DecideDialog experiment={experiment} onClose={() => setDeciding(false)} /> : null}
    </>
  );
}

function StopDialog({ experiment, onClose }: { experiment: Experiment; onClose: () => void }): JSX.Element {
  const update = useUpdateExperiment();
  return (
    <Dialog
      title="Stop the experiment"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            busy={update.isPending}
            onClick={() =>
              carryOut(
                update.mutateAsync({
                  experimentId: experiment.id,
                  revision: experiment.revision,
                  status: "stopped",
                }),
                () => {
                  onClose();
                  toast("The experiment is stopped: everybody has the version in service.");
                },
              )
            }
          >
            Stop for good
          </Button>
        </>
      }
    >
      <p>
        Every user goes back to the version in service, and it cannot be launched again. What it found stays.
        To choose a winner instead, decide it.
      </p>
      {update.error === null ? null : <ErrorNote error={update.error} />}
    </Dialog>
  );
}

const DECISIONS: readonly (readonly [ExperimentDecision, string])[] = [
  ["deploy_treatment", "Deploy the treatment: a canary follows"],
  ["keep_control", "Keep the control"],
  ["inconclusive", "Inconclusive: keep the control"],
  ["stopped_for_harm", "Stop: the treatment does harm"],
];

function DecideDialog({ experiment, onClose }: { experiment: Experiment; onClose: () => void }): JSX.Element {
  const update = useUpdateExperiment();
  const [decision, setDecision] = useState<ExperimentDecision>("keep_control");
  const [notes, setNotes] = useState("");
  const arms = treatmentsOf(experiment);
  const [arm, setArm] = useState(experiment.winningArm ?? "treatment");
  const decide = (): void =>
    carryOut(
      update.mutateAsync({
        experimentId: experiment.id,
        revision: experiment.revision,
        decision,
        winningArm: decision === "deploy_treatment" && arms.length > 1 ? arm : undefined,
        decisionNotes: notes.trim() === "" ? undefined : notes,
      }),
      () => {
        onClose();
        toast("The experiment is decided.");
      },
    );
  return (
    <Dialog
      title="Decide the experiment"
      onClose={onClose}
      actions={
        <Button kind="primary" busy={update.isPending} onClick={decide}>
          Decide
        </Button>
      }
    >
      {experiment.missing.length === 0 ? null : (
        <div className="stack-tight">
          <p className="strong">Still missing</p>
          <ul className="stack-tight soft">
            {experiment.missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <Field label="Decision">
        {(id) => (
          <select
            id={id}
            autoFocus
            value={decision}
            onChange={(event) => setDecision(event.target.value as ExperimentDecision)}
          >
            {DECISIONS.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {decision === "deploy_treatment" && arms.length > 1 ? (
        <Field label="Which treatment">
          {(id) => (
            <select id={id} value={arm} onChange={(event) => setArm(event.target.value)}>
              {arms.map((name) => (
                <option key={name} value={name}>
                  {armWord(name, arms)}
                </option>
              ))}
            </select>
          )}
        </Field>
      ) : null}
      <Field label="Why" help="It stays with the decision and in the audit log.">
        {(id) => <textarea id={id} value={notes} onChange={(event) => setNotes(event.target.value)} />}
      </Field>
      {update.error === null ? null : <ErrorNote error={update.error} />}
    </Dialog>
  );
}
