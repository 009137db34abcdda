import { CompletionJournal, journaledModel, type LanguageModel } from "@agent-learning/learning";
import type { RunHandle } from "../../training-runs/carry-out-run.ts";
import { type Checkpoint, readCheckpoint } from "../search.ts";

const WRITE_MILLISECONDS = 500;

/**
 * The model of a run that only asks and decides: with the answers that an interrupted run had heard it decides the same again, asks nothing
 * twice, and goes on from there. Duels are decided one after another, so there is nothing else to keep.
 */
export function resumableModel(handle: RunHandle, model: LanguageModel): LanguageModel {
  const journal = CompletionJournal.restore(readCheckpoint(handle).duels ?? []);
  let written = performance.now();
  let writing = false;
  return journaledModel({
    model,
    journal,
    onAnswer: async () => {
      if (writing || performance.now() - written < WRITE_MILLISECONDS) return;
      writing = true;
      try {
        const duels = journal.toJSON();
        await handle.change(
          { checkpoint: { duels } satisfies Checkpoint },
          {
            type: "progress",
            data: { message: `${duels.length} answers and comparisons so far`, calls: duels.length },
          },
        );
      } finally {
        written = performance.now();
        writing = false;
      }
    },
  });
}
