import type { DatasetSplit } from "@agent-learning/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignSplits, type SplitAssignment, type SplitItem } from "./assign-splits.ts";
import { NearDuplicates } from "./near-duplicates.ts";

const shares = { train: 0.6, validation: 0.2, test: 0.2 };

type Link = readonly [number, number];

function item(id: string, previous?: DatasetSplit, groupKey = id): SplitItem {
  return { id, groupKey, previous };
}

function plan(items: readonly SplitItem[], links: readonly Link[], salt?: string): SplitAssignment[] {
  return assignSplits({ items, links, shares, salt, saltBase: "agent" }).assignments;
}

/** Items whose ids sort in order of arrival, links between any of them, and how many were there first. */
const growth = fc
  .integer({ min: 1, max: 40 })
  .chain((size) =>
    fc.record({
      keys: fc.array(fc.nat(size), { minLength: size, maxLength: size }),
      links: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: size }),
      cuts: fc.array(fc.integer({ min: 0, max: size }), { maxLength: 3 }),
    }),
  )
  .map(({ keys, links, cuts }) => ({
    items: keys.map((key, index) => item(String(index).padStart(4, "0"), undefined, `key ${key}`)),
    links,
    stages: [...cuts.sort((a, b) => a - b), keys.length],
  }));

describe("assignSplits", () => {
  it("puts equal keys and links, and chains of both, into one split", () => {
    const items = [
      item("1", undefined, "a"),
      item("2", undefined, "b"),
      item("3", undefined, "b"),
      item("4"),
    ];
    const assignments = plan(items, [[0, 1]]);
    expect(new Set(assignments.slice(0, 3).map(({ split }) => split)).size).toBe(1);
    expect(assignments.map(({ group }) => group)).toEqual(["a", "a", "a", "4"]);
  });

  it("keeps a group where its members were", () => {
    for (const previous of ["train", "validation", "test"] as const) {
      const assignments = plan([item("1", previous), item("2"), item("3")], [[0, 1]]);
      expect(assignments.slice(0, 2).map(({ split }) => split)).toEqual([previous, previous]);
    }
  });

  it("leaves a new example out that resembles one of training and one of test", () => {
    const assignments = plan(
      [item("1", "train"), item("2", "test"), item("3"), item("4")],
      [
        [0, 2],
        [1, 2],
      ],
    );
    expect(assignments.map(({ split }) => split).slice(0, 3)).toEqual(["train", "test", null]);
    expect(assignments[3]?.split).not.toBeNull();
  });

  it("leaves old examples out that turn out to resemble a test example", () => {
    const items = [item("1", "train"), item("2", "test"), item("3", "validation"), item("4", "train")];
    const links: Link[] = [
      [0, 1],
      [1, 2],
    ];
    expect(plan(items, links).map(({ split }) => split)).toEqual([null, "test", null, "train"]);
  });

  it("keeps the salt it is given", () => {
    const items = [item("1"), item("2")];
    expect(assignSplits({ items, links: [], shares, salt: "kept", saltBase: "agent" }).salt).toBe("kept");
    expect(assignSplits({ items, links: [], shares, salt: undefined, saltBase: "agent" }).salt).toMatch(
      /^agent:\d+$/,
    );
  });

  /** Splits a growing collection stage by stage, each stage knowing where the one before put things. */
  function grow(
    { items, links, stages }: { items: SplitItem[]; links: Link[]; stages: number[] },
    look: (known: SplitItem[], assignments: SplitAssignment[], tied: Link[]) => void,
  ): void {
    const before = new Map<number, DatasetSplit>();
    for (const size of stages) {
      const known = items.slice(0, size).map((one, index) => ({ ...one, previous: before.get(index) }));
      const within = links.filter(([a, b]) => a < size && b < size);
      const assignments = plan(known, within, "salt");
      const sameKey = known.flatMap((a, i) =>
        known.flatMap((b, j): Link[] => (i < j && a.groupKey === b.groupKey ? [[i, j]] : [])),
      );
      look(known, assignments, [...within, ...sameKey]);
      for (const [index, { split }] of assignments.entries()) if (split !== null) before.set(index, split);
    }
  }

  it("has no group across splits, however it grew", () => {
    const torn: Link[] = [];
    const check = fc.property(growth, (growing) => {
      grow(growing, (_known, assignments, tied) => {
        for (const [a, b] of tied) {
          const splits = new Set([assignments[a]?.split, assignments[b]?.split]);
          splits.delete(null);
          if (splits.size > 1) torn.push([a, b]);
        }
      });
      return torn.length === 0;
    });
    fc.assert(check, { numRuns: 500 });
    expect(torn).toEqual([]);
  });

  it("moves nothing when examples are added, and pushes nothing out", () => {
    const moved: [DatasetSplit, DatasetSplit | null | undefined][] = [];
    const check = fc.property(growth, (growing) => {
      grow(growing, (known, assignments) => {
        for (const [index, { previous }] of known.entries()) {
          const split = assignments[index]?.split;
          if (previous !== undefined && previous !== split) moved.push([previous, split]);
        }
      });
      return moved.length === 0;
    });
    fc.assert(check, { numRuns: 500 });
    expect(moved).toEqual([]);
  });

  it("puts no planted near-duplicates into different splits, over 20 seeds", () => {
    const word = (seed: number): string => `w${(Math.imul(seed, 2_654_435_761) >>> 0) % 997}`;
    for (let seed = 1; seed <= 20; seed += 1) {
      const texts = Array.from({ length: 100 }, (_, n) => {
        const words = Array.from({ length: 40 }, (_, at) => word(seed * 100_000 + (n % 50) * 100 + at));
        return n < 50 ? words.join(" ") : `${words.join(" ")} and thanks`;
      });
      const index = new NearDuplicates();
      for (const text of texts) index.add(text);
      const links = [...index.links()].filter((link) => link !== null);
      const assignments = plan(
        texts.map((_, n) => item(String(n).padStart(3, "0"))),
        links,
      );
      for (let n = 0; n < 50; n += 1) expect(assignments[n]?.split).toBe(assignments[n + 50]?.split);
    }
  });
});
