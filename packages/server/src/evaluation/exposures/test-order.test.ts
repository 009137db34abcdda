import { describe, expect, it } from "vitest";
import { inTestOrder } from "./test-order.ts";

const unit = (unitId: string, at: number) => ({ unitId, firstAt: new Date(at) });

describe("inTestOrder", () => {
  it("goes by time first", () => {
    const ordered = inTestOrder([unit("a", 3), unit("b", 1), unit("c", 2)]);
    expect(ordered.map((one) => one.unitId)).toEqual(["b", "c", "a"]);
  });

  it("mixes units of one moment, however their ids are made and in whatever order they came", () => {
    const ids = ["candidate", "control"].flatMap((arm) =>
      Array.from({ length: 100 }, (_, index) => `${arm}-${index}`),
    );
    const units = ids.map((id) => unit(id, 0));
    const ordered = inTestOrder(units).map((one) => one.unitId);
    expect(inTestOrder(units.toReversed()).map((one) => one.unitId)).toEqual(ordered);
    const runs = ordered.filter((id, index) => id.slice(0, 3) !== ordered[index - 1]?.slice(0, 3)).length;
    // 101 runs are expected of two hundred coin flips, with a standard deviation of 7.
    expect(Math.abs(runs - 101)).toBeLessThan(30);
  });

  it("leaves its input as it is", () => {
    const units = [unit("a", 3), unit("b", 1)];
    inTestOrder(units);
    expect(units[0]?.unitId).toBe("a");
  });
});
