import { describe, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { slotsFor } from "./slots.ts";

describe("slotsFor", () => {
  it("is the overlap when nothing is doubled", () => {
    for (const overlap of [1, 2, 5])
      expect(slotsFor(newId(), { annotation_overlap: overlap, double_annotation_share: 0 })).toBe(overlap);
  });

  it("is two for every example when all are doubled, more with a larger overlap", () => {
    expect(slotsFor(newId(), { annotation_overlap: 1, double_annotation_share: 1 })).toBe(2);
    expect(slotsFor(newId(), { annotation_overlap: 3, double_annotation_share: 1 })).toBe(3);
  });

  it("doubles the wanted share, also among ids made at one moment", () => {
    const policy = { annotation_overlap: 1, double_annotation_share: 0.1 };
    const ids = Array.from({ length: 20_000 }, () => newId());
    const doubled = ids.filter((id) => slotsFor(id, policy) === 2).length;
    // Standard deviation 42 around 2,000.
    expect(Math.abs(doubled - 2000)).toBeLessThan(210);
  });

  it("says the same every time", () => {
    const policy = { annotation_overlap: 1, double_annotation_share: 0.5 };
    const ids = Array.from({ length: 100 }, () => newId());
    expect(ids.map((id) => slotsFor(id, policy))).toEqual(ids.map((id) => slotsFor(id, policy)));
  });
});
