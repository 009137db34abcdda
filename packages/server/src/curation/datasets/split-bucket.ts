import { createHash } from "node:crypto";
import type { DatasetSplit, SplitShares } from "@agent-learning/contract";

/** Where a group falls in [0, 1): the first 48 bits of SHA-256 of salt and group. */
export function bucketOf(salt: string, group: string): number {
  const digest = createHash("sha256").update(`${salt}\n${group}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** The split whose share of [0, 1) holds `bucket`: test first, then validation, then train. */
export function splitAt(bucket: number, shares: SplitShares): DatasetSplit {
  if (bucket < shares.test) return "test";
  return bucket < shares.test + shares.validation ? "validation" : "train";
}

const CANDIDATES = 64;
/** So many groups are near the wanted shares with any salt. */
const BALANCED_GROUPS = 5_000;

/**
 * The salt among `base:0` … `base:63` whose splits come nearest to the wanted shares, by Pearson's statistic over items.
 * Called once for an agent; later versions keep the salt, so that nothing moves.
 */
export function chooseSalt(
  base: string,
  groups: readonly { group: string; size: number }[],
  shares: SplitShares,
): string {
  const total = groups.reduce((sum, { size }) => sum + size, 0);
  let best = { salt: `${base}:0`, distance: Number.POSITIVE_INFINITY };
  if (groups.length > BALANCED_GROUPS) return best.salt;
  for (let number = 0; number < CANDIDATES; number += 1) {
    const salt = `${base}:${number}`;
    const counts: Record<DatasetSplit, number> = { train: 0, validation: 0, test: 0 };
    for (const { group, size } of groups) counts[splitAt(bucketOf(salt, group), shares)] += size;
    const distance = (["train", "validation", "test"] as const).reduce((sum, split) => {
      const expected = shares[split] * total;
      return expected === 0 ? sum : sum + (counts[split] - expected) ** 2 / expected;
    }, 0);
    if (distance < best.distance) best = { salt, distance };
  }
  return best.salt;
}
