import { expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { trialsOf } from "../../../testing/trials.ts";
import type { Row } from "../../rows.ts";
import { drawParent, paretoPool } from "./pareto-pool.ts";

const rows: Row[] = ["0", "1", "2", "3"].map((id) => ({ id, input: id, expected: id }));
const numbers = (pool: ReturnType<typeof paretoPool>): unknown[] =>
  pool.map(({ trial, rowsLed }) => [trial.candidate.parameters["number"], rowsLed]);

test.each([
  [
    "one that alone solves a row stays though its mean is low",
    [
      [1, 1, 1, 0],
      [0, 0, 0, 1],
    ],
    [
      [0, 3],
      [1, 1],
    ],
  ],
  [
    "one that is nowhere best goes",
    [
      [1, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 1],
    ],
    [
      [0, 2],
      [2, 2],
    ],
  ],
  [
    "of two that lead the same rows the better one stays",
    [
      [1, 1, 1, 0.5],
      [1, 1, 0, 0],
    ],
    [[0, 4]],
  ],
  [
    "of two equals the one that was tried first stays",
    [
      [1, 0, 1, 0],
      [0, 1, 0, 1],
      [1, 0, 1, 0],
    ],
    [
      [0, 2],
      [1, 2],
    ],
  ],
  [
    "rows shared with equals count for each",
    [
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 1, 1],
    ],
    [
      [0, 2],
      [2, 2],
    ],
  ],
  [
    "one without all rows is left out",
    [
      [1, 0, 0, 0],
      [1, 1, 1],
    ],
    [[0, 4]],
  ],
])("%s", (_name, scores, expected) => {
  expect(numbers(paretoPool(trialsOf(scores.map((row) => ({ scores: row }))), rows))).toEqual(expected);
});

test("parents are drawn in proportion to the rows that they lead", () => {
  const pool = paretoPool(trialsOf([{ scores: [1, 1, 1, 0] }, { scores: [0, 0, 0, 1] }]), rows);
  const drawn = Array.from({ length: 2000 }, (_, seed) => drawParent(pool, createRandom(seed)));
  const share = drawn.filter((trial) => trial === pool[0]?.trial).length / drawn.length;
  expect(share).toBeGreaterThan(0.71);
  expect(share).toBeLessThan(0.79);
  expect(drawParent([], createRandom(1))).toBeUndefined();
});
