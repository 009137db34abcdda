/** How an answer to a case is judged. */
export type CaseMeasure =
  /** The same text, character for character. */
  | { kind: "exact" }
  /** The same but for case, white space and punctuation at the ends. */
  | { kind: "normalised" }
  /** The last number of the answer is the expected one, within a tolerance. */
  | { kind: "numeric"; absolute?: number | undefined; relative?: number | undefined }
  | { kind: "regex"; pattern: string; flags?: string | undefined }
  /** Every field of the expected JSON, or the named ones, has the same value. */
  | { kind: "json_fields"; fields?: string[] | undefined }
  /** The expected text stands somewhere in the answer. */
  | { kind: "contains" }
  /** The answer is another one than the text, which is known to be wrong. */
  | { kind: "differs" }
  /** A language model decides by the rubric. */
  | { kind: "judge"; rubric: string };

/** A question whose right answer is known. */
export interface RegressionCase {
  id: string;
  input: string;
  expected: string;
  measure: CaseMeasure;
  /** Groups that floors are set for, such as `domain:tax`. */
  slices: readonly string[];
  /** A candidate that breaks it is refused. */
  isPinned: boolean;
}

/** One answer, judged. `score` is null when the evaluator failed; an agent that failed to answer scores 0. */
export interface JudgedAttempt {
  /** Null: the agent failed to answer. */
  output: string | null;
  /** 0 to 1; 1 passes. */
  score: number | null;
  /** Why there is no output or no score. */
  error?: string | undefined;
}
