import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter } from "./rate-limit.ts";

function withClock(perSecond: number): {
  ask: ReturnType<typeof createRateLimiter>;
  pass: (milliseconds: number) => void;
} {
  let time = 1_000;
  return {
    ask: createRateLimiter(perSecond, () => time),
    pass: (milliseconds) => void (time += milliseconds),
  };
}

describe("createRateLimiter", () => {
  it("lets a burst of twice the rate through, then says how long to wait", () => {
    const { ask } = withClock(5);
    const burst = Array.from({ length: 10 }, () => ask("a"));
    expect(burst.every(({ allowed }) => allowed)).toBe(true);
    expect(burst.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(ask("a")).toEqual({ allowed: false, limit: 10, remaining: 0, resetSeconds: 1 });
  });

  it("fills at the rate, and never beyond the burst", () => {
    const { ask, pass } = withClock(2);
    for (let n = 0; n < 4; n += 1) ask("a");
    expect(ask("a").allowed).toBe(false);
    pass(499);
    expect(ask("a").allowed).toBe(false);
    pass(1);
    expect(ask("a").allowed).toBe(true);
    pass(3_600_000);
    expect(ask("a").remaining).toBe(3);
  });

  it("counts each key by itself", () => {
    const { ask } = withClock(1);
    ask("a");
    ask("a");
    expect(ask("a").allowed).toBe(false);
    expect(ask("b").allowed).toBe(true);
  });

  it("keeps its promise: whoever waits as long as it says is let in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(400)), (rate, pauses) => {
        const { ask, pass } = withClock(rate);
        for (const pause of pauses) {
          const { allowed, resetSeconds } = ask("a");
          if (!allowed) pass(resetSeconds * 1000);
          expect(allowed || ask("a").allowed).toBe(true);
          pass(pause);
        }
      }),
    );
  });

  it("never lets more through than burst + rate × time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(300), { maxLength: 200 }),
        (rate, pauses) => {
          const { ask, pass } = withClock(rate);
          let allowed = 0;
          let elapsed = 0;
          for (const pause of pauses) {
            if (ask("a").allowed) allowed += 1;
            pass(pause);
            elapsed += pause;
          }
          expect(allowed).toBeLessThanOrEqual(2 * rate + (elapsed / 1000) * rate + 1e-6);
        },
      ),
    );
  });

  it("remembers ten thousand keys, the longest unused forgotten first", () => {
    const { ask } = withClock(1);
    ask("first");
    ask("first");
    ask("second");
    ask("second");
    for (let n = 0; n < 9_998; n += 1) ask(`key ${n}`);
    ask("second");
    ask("one more");
    expect(ask("second").allowed).toBe(false);
    expect(ask("first").allowed).toBe(true);
  });
});
