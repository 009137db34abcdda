import { useMoveRollout } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { ReasonDialog } from "../../components/reason-dialog.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { useMay } from "../../session/session-context.ts";
import { type Shortcut, useShortcuts } from "../../shortcuts/shortcuts.ts";
import { PromoteDialog } from "./promote-dialog.tsx";

type Move = "pause" | "resume" | "abort";

const MOVES: Record<Move, { title: string; verb: string; says: string; done: string }> = {
  pause: {
    title: "Pause the rollout",
    verb: "Pause",
    says: "Users keep what they have now; nothing moves it until somebody lets it go on. Its guardrails may still roll it back.",
    done: "The rollout is paused.",
  },
  resume: {
    title: "Let the rollout go on",
    verb: "Go on",
    says: "The stage goes on from where it was paused.",
    done: "The rollout goes on.",
  },
  abort: {
    title: "Abort the rollout",
    verb: "Abort: put everybody back",
    says: "Every agent that asks gets the baseline again within a second. The rollout ends for good.",
    done: "Aborted: everybody is back on the baseline.",
  },
};

/** Start; pause, go on, promote, each with its reason; abort in two keys: `x` asks, `Enter` does it. */
export function RolloutActions({ rollout }: { rollout: RolloutDetails }): JSX.Element | null {
  const may = useMay("reviewer");
  const move = useMoveRollout();
  const [asked, setAsked] = useState<Move | "promote">();
  const { status } = rollout;
  const open = may && (status === "pending" || status === "running" || status === "paused");
  const start = (): void =>
    move.mutate(
      { rolloutId: rollout.id, move: "start" },
      { onSuccess: () => toast("The rollout has started."), onError: toastError },
    );
  const ask = (name: Move | "promote"): void => {
    move.reset();
    setAsked(name);
  };
  const pauseOrResume = status === "running" ? "pause" : "resume";
  // While the server still refuses to start, the key does nothing either.
  const ready = rollout.requirements.length === 0;
  const shortcuts: Shortcut[] = [{ keys: "x", label: "Abort: asks, Enter does it", run: () => ask("abort") }];
  if (status === "pending" && ready) shortcuts.push({ keys: "s", label: "Start", run: start });
  if (status === "running") shortcuts.push({ keys: "m", label: "Promote", run: () => ask("promote") });
  if (status !== "pending")
    shortcuts.push({ keys: "p", label: MOVES[pauseOrResume].verb, run: () => ask(pauseOrResume) });
  useShortcuts("Rollout", open ? shortcuts : []);
  if (!open) return null;
  const busy = move.isPending;
  return (
    <>
      {status === "pending" ? (
        <Button kind="primary" hint="s" busy={busy} disabled={!ready} onClick={start}>
          Start
        </Button>
      ) : (
        <Button hint="p" onClick={() => ask(pauseOrResume)}>
          {MOVES[pauseOrResume].verb}
        </Button>
      )}
      {status === "running" ? (
        <Button hint="m" onClick={() => ask("promote")}>
          Promote
        </Button>
      ) : null}
      <Button kind="danger" hint="x" onClick={() => ask("abort")}>
        Abort
      </Button>
      {asked === "promote" ? (
        <PromoteDialog rollout={rollout} onClose={() => setAsked(undefined)} />
      ) : asked === undefined ? null : (
        <ReasonDialog
          title={MOVES[asked].title}
          verb={MOVES[asked].verb}
          danger={asked === "abort"}
          busy={busy}
          error={move.error}
          onClose={() => setAsked(undefined)}
          onConfirm={(reason) =>
            move.mutate(
              { rolloutId: rollout.id, move: asked, reason },
              {
                onSuccess: () => {
                  setAsked(undefined);
                  toast(MOVES[asked].done);
                },
              },
            )
          }
        >
          <p>{MOVES[asked].says}</p>
        </ReasonDialog>
      )}
    </>
  );
}
