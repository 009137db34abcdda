import type { Candidate } from "../prompt/candidate.ts";
import { type Trial, TrialBook } from "../prompt/optimizers/trial-book.ts";

export interface TrialSpec {
  selection?: string;
  size?: number;
  promptTokens?: number;
  /** Scores of the rows "0", "1", …; a hole is a row that was not run. */
  scores: readonly (number | undefined)[];
}

/** A book with the seed first and one trial for each further specification. */
export function bookOf(runtime: Candidate["runtime"], specs: readonly TrialSpec[]): TrialBook {
  const book = new TrialBook();
  for (const [index, { selection = "random", size = index, promptTokens = 0, scores }] of specs.entries()) {
    const trial = book.add({
      candidate: { runtime, components: {}, demonstrations: [], parameters: { number: index } },
      family: { selection, size },
      origin: index === 0 ? "seed" : "test",
      promptTokens,
    });
    book.record(trial, toRows(scores));
  }
  return book;
}

/** The trials of `bookOf`. */
export function trialsOf(specs: readonly TrialSpec[], runtime: Candidate["runtime"] = "model"): Trial[] {
  return bookOf(runtime, specs).trials();
}

function toRows(scores: TrialSpec["scores"]): Parameters<TrialBook["record"]>[1] {
  return scores.flatMap((score, index) =>
    score === undefined
      ? []
      : [
          {
            rowId: String(index),
            output: "",
            score,
            feedback: "",
            objectives: {},
            usage: { promptTokens: 0, completionTokens: 0 },
          },
        ],
  );
}
