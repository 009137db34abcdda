import type { Demonstration } from "../../candidate.ts";
import type { Row } from "../../rows.ts";
import type { Trial } from "../trial-book.ts";

/**
 * Demonstrations in the model's own words: right answers of a trial, those first that the seed got wrong, for they show what it
 * lacks. Where answers are labels this is a choice among the approved examples, where they are free text the wording is new.
 */
export function bootstrapPool(trial: Trial, seed: Trial, rows: readonly Row[]): Demonstration[] {
  const right = rows.flatMap((row) => {
    const answer = trial.answers.get(row.id);
    if (!answer || answer.score < 1 || answer.output.trim() === "") return [];
    const hard = (seed.scores.get(row.id) ?? 0) < 1;
    return [{ hard, demonstration: { input: row.input, output: answer.output, exampleId: row.id } }];
  });
  return [...right.filter(({ hard }) => hard), ...right.filter(({ hard }) => !hard)].map(
    ({ demonstration }) => demonstration,
  );
}
