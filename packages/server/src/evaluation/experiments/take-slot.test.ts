import fc from "fast-check";
import { expect, it } from "vitest";
import { firstGap, type Slot } from "./take-slot.ts";

it.each<[string, [number, number][], number, [number, number] | null]>([
  ["the beginning when nothing is taken", [], 0.4, [0, 0.4]],
  ["beside what is taken", [[0, 0.4]], 0.6, [0.4, 1]],
  [
    "the gap in the middle",
    [
      [0, 0.2],
      [0.7, 1],
    ],
    0.5,
    [0.2, 0.7],
  ],
  ["nothing when none is wide enough", [[0.3, 0.6]], 0.5, null],
  ["everything, once", [[0, 1]], 0.01, null],
])("gives %s", (_name, taken, width, expected) => {
  const gap = firstGap(
    taken.map(([start, end]) => ({ start, end })),
    width,
  );
  const rounded = gap === undefined ? null : [gap.start, gap.end].map((edge) => Math.round(edge * 1e9) / 1e9);
  expect(rounded).toEqual(expected);
});

it("never lets two slots share a unit, and fills a group of whole percentages to the last", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), (percentages) => {
      const taken: Slot[] = [];
      let used = 0;
      for (const percentage of percentages) {
        const gap = firstGap(taken, percentage / 100);
        expect(gap !== undefined).toBe(used + percentage <= 100);
        if (gap === undefined) continue;
        used += percentage;
        for (const other of taken) {
          expect(Math.min(gap.end, other.end) - Math.max(gap.start, other.start)).toBeLessThanOrEqual(1e-9);
        }
        taken.push(gap);
      }
    }),
  );
});
