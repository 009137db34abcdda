import { ProblemError } from "../../http/problem-error.ts";

/** What became of one item of a batch. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** How a batch is written. */
export interface BatchOptions {
  /** Which of the process's concurrent writers this is. */
  lane?: number;
  /** Throws the refusals, before anything is written, instead of writing the rest. */
  allOrNone?: boolean;
}

/**
 * The values of items that stand or fall together.
 * @throws ProblemError of the first item that was refused, with the fields of all of them
 */
export function requireAll<T>(outcomes: readonly Outcome<T>[]): T[] {
  const failed = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  const other = failed.find((error) => !(error instanceof ProblemError));
  if (other !== undefined) throw other;
  const [first] = failed as ProblemError[];
  if (first !== undefined) {
    const errors = (failed as ProblemError[]).flatMap((problem) => problem.errors ?? []).slice(0, 20);
    throw new ProblemError(first.type, first.message, { errors });
  }
  return outcomes.flatMap((outcome) => ("value" in outcome ? [outcome.value] : []));
}
