import type { RowCounts } from "./rows.ts";

/** Rows below which nothing can be learned by training. */
export const FEWEST_ROWS = 10;
/** Held-out answers below which no interval says anything. */
export const FEWEST_TEST_ROWS = 5;
/** Share of the rows that may be too long before it is a mistake rather than an exception. */
const MOST_TOO_LONG = 0.1;

/** The same of the pairs that an embedder is trained on. */
export function judgePairs(
  { train, validation, tooLong }: RowCounts,
  maxLength: number,
): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const all = train + validation + tooLong;
  const how =
    "Index the agent's documents here, mark chunks as relevant or record which ones answers cite, and draft the run anew.";
  if (train < FEWEST_ROWS)
    problems.push(
      `There are ${train} pairs of a query and a passage that is known to answer it; ${FEWEST_ROWS} are the least. ${how}`,
    );
  if (validation < FEWEST_TEST_ROWS)
    problems.push(
      `${validation} pairs are of queries that are held out; ${FEWEST_TEST_ROWS} are the least to judge the result by. ${how}`,
    );
  const long = `${tooLong} of ${all} pairs have a text of more than ${maxLength} tokens`;
  if (tooLong > MOST_TOO_LONG * all)
    problems.push(`${long}. Raise hyperparameters.max_length, or cut documents into shorter chunks.`);
  const isNoted = tooLong > 0 && tooLong <= MOST_TOO_LONG * all;
  return { problems, warnings: isNoted ? [`${long} and are left out.`] : [] };
}

/** What is wrong with a run's rows, in sentences with what to do, and what is merely worth knowing. */
export function judgeRows(
  { train, validation, test, tooLong }: RowCounts,
  { maxLength, trainsWeights }: { maxLength: number; trainsWeights: boolean },
): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  const least = trainsWeights ? FEWEST_ROWS : 1;
  const all = train + validation + tooLong;
  if (train === 0 && tooLong === 0) {
    problems.push(
      "The training split has no row of this method's kind: build a dataset with examples that have an expected output (sft), or an original or other output beside it (dpo, kto, reward).",
    );
  } else if (train < least) {
    problems.push(
      `There are ${train} training rows; ${least} are the least. Approve more examples and freeze a new dataset.`,
    );
  }
  if (test < FEWEST_TEST_ROWS) {
    problems.push(
      `The test split has ${test} rows with an expected output; ${FEWEST_TEST_ROWS} are the least to judge the result by. Approve more examples and build a dataset with a larger test share: those that were in a dataset before keep their split.`,
    );
  }
  if (trainsWeights && tooLong > MOST_TOO_LONG * all) {
    problems.push(
      `${tooLong} of ${all} rows are longer than ${maxLength} tokens. Raise hyperparameters.max_length, or leave long examples out of the dataset.`,
    );
  } else if (trainsWeights && tooLong > 0) {
    warnings.push(`${tooLong} of ${all} rows are longer than ${maxLength} tokens and are left out.`);
  }
  if (trainsWeights && validation === 0) {
    warnings.push("The validation split is empty: there will be no validation loss to see overfitting by.");
  }
  return { problems, warnings };
}
