import type { Random } from "../../../ports.ts";
import { shuffled } from "../../../random.ts";
import type { EvaluatedRow } from "../../evaluation-cache.ts";
import type { Row } from "../../rows.ts";
import type { Trial } from "../trial-book.ts";

/** A row with what the parent answered. */
export interface Example {
  row: Row;
  evaluated: EvaluatedRow;
}

/** Rows of a minibatch: below eight an equal child looks better too often, above ten they cost more than they tell. */
export const MINIBATCH = 8;

/** Answered rows by chance, half of them failures where there are enough. */
export function drawMinibatch(parent: Trial, rows: readonly Row[], random: Random): Example[] {
  const answered = shuffled(random, rows).flatMap((row) => {
    const evaluated = parent.answers.get(row.id);
    return evaluated ? [{ row, evaluated }] : [];
  });
  const failures = answered.filter(({ evaluated }) => evaluated.score < 1).slice(0, MINIBATCH / 2);
  const others = answered.filter((example) => !failures.includes(example));
  return shuffled(random, [...failures, ...others.slice(0, MINIBATCH - failures.length)]);
}
