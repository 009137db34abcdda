import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIdSource, newId } from "./new-id.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LAST_TIME = 2 ** 48 - 1;

function timeOf(id: string): number {
  return Number.parseInt(id.replace("-", "").slice(0, 12), 16);
}

describe("createIdSource", () => {
  it("makes UUIDs of version 7 and the RFC's variant, for any time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_TIME }), (time) => {
        const id = createIdSource(() => time)();
        expect(id).toMatch(VERSION_7);
        expect(timeOf(id)).toBe(time);
      }),
    );
  });

  it("makes ids that sort in the order of their making, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 200 }), (times) => {
        let index = 0;
        const source = createIdSource(() => times[index++ % times.length] ?? 0);
        const ids = times.map(source);
        expect(ids.toSorted()).toEqual(ids);
      }),
    );
  });

  it("neither repeats nor falls out of order in a millisecond that does not end", () => {
    const source = createIdSource(() => 1);
    const ids = Array.from({ length: 20_000 }, source);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    // 20,000 ids need a few borrowed milliseconds.
    expect(timeOf(ids.at(-1) ?? "")).toBeLessThan(12);
  });
});

describe("newId", () => {
  it("takes the time from the clock", () => {
    const before = Date.now();
    const time = timeOf(newId());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() + 1);
  });
});
