import type { Random } from "../../../ports.ts";
import type { Row } from "../../rows.ts";
import type { Trial } from "../trial-book.ts";

/** A member of the pool with the number of rows on which nobody is better, rows shared with equals counted for each. */
export interface PoolMember {
  trial: Trial;
  rowsLed: number;
}

const GRAIN = 1e-9;

/**
 * The trials that are best on at least one row and that no other member makes superfluous: a candidate that only it solves keeps its
 * chance although its mean is low. Trials that lack one of the rows are left out. Instance-wise Pareto front after Agrawal et al.,
 * "GEPA: Reflective Prompt Evolution" (2025), algorithm 2.
 */
export function paretoPool(trials: readonly Trial[], rows: readonly Row[]): PoolMember[] {
  const measured = trials.filter((trial) => rows.every((row) => trial.scores.has(row.id)));
  const leaders = rows.map((row) => {
    const best = Math.max(...measured.map((trial) => score(trial, row)));
    return new Set(measured.filter((trial) => score(trial, row) >= best - GRAIN));
  });
  const total = (trial: Trial): number =>
    Math.round(rows.reduce((sum, row) => sum + score(trial, row), 0) / GRAIN);
  const kept = new Set(measured.filter((trial) => leaders.some((group) => group.has(trial))));
  // The weakest first: of two that lead the same rows, the one with the higher mean stays, then the one that was tried first. Never by
  // hash, which is another in each run of the same data. The seed's place is in the book, not here.
  for (const trial of [...kept].reverse().sort((one, other) => total(one) - total(other))) {
    const led = leaders.filter((group) => group.has(trial));
    const superfluous = led.every((group) => [...group].some((other) => other !== trial && kept.has(other)));
    if (superfluous && kept.size > 1) kept.delete(trial);
  }
  return measured
    .filter((trial) => kept.has(trial))
    .map((trial) => ({ trial, rowsLed: leaders.filter((group) => group.has(trial)).length }));
}

/** A member by chance, in proportion to the rows that it leads. Undefined for an empty pool. */
export function drawParent(pool: readonly PoolMember[], random: Random): Trial | undefined {
  const total = pool.reduce((sum, { rowsLed }) => sum + rowsLed, 0);
  let left = random.next() * total;
  for (const { trial, rowsLed } of pool) {
    left -= rowsLed;
    if (left < 0) return trial;
  }
  return pool.at(-1)?.trial;
}

function score(trial: Trial, row: Row): number {
  return trial.scores.get(row.id) ?? -Infinity;
}
