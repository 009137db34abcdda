import { expect, it } from "vitest";
import { shardOf } from "./shard.ts";

it("gives concurrent writers of a process different shards, of which there are few in all", () => {
  expect(shardOf(0)).not.toBe(shardOf(1));
  expect(shardOf(2)).toBe(shardOf(0));
  for (const lane of [0, 1, 7, 1_023]) {
    expect(shardOf(lane)).toBeGreaterThanOrEqual(0);
    expect(shardOf(lane)).toBeLessThan(8);
  }
});
