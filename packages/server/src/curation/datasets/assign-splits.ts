import type { DatasetSplit, SplitShares } from "@agent-learning/contract";
import { DisjointSets } from "@agent-learning/learning";
import { bucketOf, chooseSalt, splitAt } from "./split-bucket.ts";

/** What the split of one example depends on. */
export interface SplitItem {
  id: string;
  /** Equal keys share a split: session, source execution, correction lineage. */
  groupKey: string;
  /** Where a frozen dataset of the agent put it before. It never moves. */
  previous: DatasetSplit | undefined;
}

export interface SplitAssignment {
  /** The smallest id of its group. */
  group: string;
  /** null: left out, because it resembles examples of two splits and would carry one into the other. */
  split: DatasetSplit | null;
}

export interface SplitPlan {
  salt: string;
  assignments: SplitAssignment[];
}

// What has been tested on must never be trained on; what was validated on, rather not.
const PROTECTION: readonly DatasetSplit[] = ["test", "validation", "train"];

function groupsOf(
  items: readonly SplitItem[],
  links: readonly (readonly [number, number])[],
  taken: (index: number) => boolean,
): Map<number, number[]> {
  const sets = new DisjointSets(items.length);
  const firstOfKey = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    if (!taken(index)) continue;
    const first = firstOfKey.get(item.groupKey);
    if (first === undefined) firstOfKey.set(item.groupKey, index);
    else sets.union(first, index);
  }
  for (const [a, b] of links) if (taken(a) && taken(b)) sets.union(a, b);
  const groups = new Map<number, number[]>();
  for (let index = 0; index < items.length; index += 1) {
    if (!taken(index)) continue;
    const root = sets.find(index);
    const members = groups.get(root);
    if (members === undefined) groups.set(root, [index]);
    else members.push(index);
  }
  return groups;
}

function previousSplits(items: readonly SplitItem[], members: readonly number[]): DatasetSplit[] {
  const present = new Set(members.map((index) => items[index]?.previous));
  return PROTECTION.filter((split) => present.has(split));
}

function labelOf(items: readonly SplitItem[], members: readonly number[]): string {
  const first = members
    .flatMap((index) => items[index] ?? [])
    .reduce((least, item) => (item.id < least.id ? item : least));
  return first.groupKey;
}

/**
 * Splits examples so that no group (equal keys, near-duplicates, and chains of both) is in two splits, and that nothing
 * moves when examples are added. A group goes where its members were before; a new one where the hash of salt and group
 * says. A new example that joins groups of different splits is left out; where old ones turn out to belong together, the
 * more protected split keeps its own (test before validation before train) and the others are left out.
 * @param links pairs of positions in `items` that must share a split
 * @param salt the agent's; undefined for its first dataset, when a balanced one is chosen from `saltBase`
 */
export function assignSplits(input: {
  items: readonly SplitItem[];
  links: readonly (readonly [number, number])[];
  shares: SplitShares;
  salt: string | undefined;
  saltBase: string;
}): SplitPlan {
  const { items, links, shares } = input;
  const excluded = new Uint8Array(items.length);
  let groups = groupsOf(items, links, () => true);
  // First the new examples of a group that lies in two splits, then what is still tied across splits without them.
  for (const isExcluded of [
    (item: SplitItem): boolean => item.previous === undefined,
    (item: SplitItem, keeper: DatasetSplit | undefined): boolean => item.previous !== keeper,
  ]) {
    let torn = false;
    for (const members of groups.values()) {
      const splits = previousSplits(items, members);
      if (splits.length < 2) continue;
      torn = true;
      for (const index of members) {
        const item = items[index];
        if (item !== undefined && isExcluded(item, splits[0])) excluded[index] = 1;
      }
    }
    if (torn) groups = groupsOf(items, links, (index) => excluded[index] === 0);
  }
  const labelled = [...groups.values()].map((members) => ({
    members,
    group: labelOf(items, members),
    previous: previousSplits(items, members)[0],
  }));
  const fresh = labelled.filter(({ previous }) => previous === undefined);
  const salt =
    input.salt ??
    chooseSalt(
      input.saltBase,
      fresh.map(({ group, members }) => ({ group, size: members.length })),
      shares,
    );
  const assignments: SplitAssignment[] = items.map(({ id }) => ({ group: id, split: null }));
  for (const { members, group, previous } of labelled) {
    const split = previous ?? splitAt(bucketOf(salt, group), shares);
    for (const index of members) assignments[index] = { group, split };
  }
  return { salt, assignments };
}
