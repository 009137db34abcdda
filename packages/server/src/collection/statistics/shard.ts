import { randomInt } from "node:crypto";

const PROCESSES = 4;
const LANES = 2;

// Two processes that draw the same number only wait for each other now and then.
const base = randomInt(PROCESSES) * LANES;

/**
 * The shard of the counters that a writer of this process folds into. Writers with different lanes hold different rows, so
 * that neither waits for the other's commit; readers add the shards up.
 */
export function shardOf(lane: number): number {
  return base + (lane % LANES);
}
