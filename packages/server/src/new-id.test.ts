import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "./new-id.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LAST_TIME = 2 ** 48 - 1;

describe("newId", () => {
  it("is a UUID of version 7 and the RFC's variant, for any time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_TIME }), (time) => {
        const id = newId(time);
        expect(id).toMatch(VERSION_7);
        expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(time);
      }),
    );
  });

  it("sorts by the time it was made", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: LAST_TIME - 1 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (time, later) => {
          const [first, second] = [newId(time), newId(Math.min(LAST_TIME, time + later))];
          expect([second, first].toSorted()).toEqual([first, second]);
        },
      ),
    );
  });

  it("takes the time from the clock", () => {
    const before = Date.now();
    const time = Number.parseInt(newId().replace("-", "").slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it("does not repeat within a millisecond, also across refills of its random bytes", () => {
    const ids = new Set(Array.from({ length: 20_000 }, () => newId(1)));
    expect(ids.size).toBe(20_000);
  });
});
