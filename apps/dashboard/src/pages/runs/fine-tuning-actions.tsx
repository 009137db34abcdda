import {
  useCancelTrainingRun,
  usePauseTrainingRun,
  useResumeTrainingRun,
  useStartTrainingRun,
} from "@agent-learning/react/query";
import type { JSX } from "react";
import type { TrainingRun } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { movesOf, type Phase } from "./describe-phase.ts";

type Move = ReturnType<typeof movesOf>[number];

const WORDS: Record<Move, { label: string; key: string; done: string }> = {
  start: { label: "Start", key: "s", done: "It starts: its dataset is read through first." },
  pause: { label: "Pause", key: "p", done: "The trainer writes a checkpoint and pauses." },
  resume: { label: "Resume", key: "s", done: "It goes on from its last checkpoint." },
  cancel: { label: "Cancel the run", key: "x", done: "The run is being cancelled." },
};

/** What may be done with a run of fine-tuning where it is. */
export function FineTuningActions({ run }: { run: TrainingRun & { phase: Phase } }): JSX.Element {
  const writes = {
    start: useStartTrainingRun(),
    pause: usePauseTrainingRun(),
    resume: useResumeTrainingRun(),
    cancel: useCancelTrainingRun(),
  };
  const moves = movesOf(run.phase);
  const carryOut = (move: Move): void =>
    writes[move].mutate({ runId: run.id }, { onSuccess: () => toast(WORDS[move].done), onError: toastError });
  useShortcuts(
    "Fine-tuning",
    moves.map((move) => ({
      keys: WORDS[move].key,
      label: WORDS[move].label,
      run: () => carryOut(move),
    })),
  );
  return (
    <>
      {moves.map((move) => (
        <Button
          key={move}
          kind={move === "cancel" ? "danger" : move === "start" || move === "resume" ? "primary" : "plain"}
          hint={WORDS[move].key}
          busy={writes[move].isPending}
          onClick={() => carryOut(move)}
        >
          {WORDS[move].label}
        </Button>
      ))}
    </>
  );
}
