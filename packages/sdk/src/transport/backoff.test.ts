import { describe, expect, it } from "vitest";
import { backoffMilliseconds, parseRetryAfter } from "./backoff.ts";

describe("backoffMilliseconds", () => {
  it("doubles up to the maximum, half of it chance", () => {
    expect([1, 2, 3, 8, 100, 1e9].map((failures) => backoffMilliseconds(failures, 0))).toEqual([
      250, 500, 1_000, 30_000, 30_000, 30_000,
    ]);
    expect([1, 8].map((failures) => backoffMilliseconds(failures, 0.999_999))).toEqual([
      expect.closeTo(500, 1),
      expect.closeTo(60_000, 0),
    ]);
  });

  it("never comes back before Retry-After, nor much later", () => {
    expect(backoffMilliseconds(1, 0, 7_000)).toBe(7_000);
    expect(backoffMilliseconds(20, 1, 7_000)).toBeCloseTo(7_700);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-01-28T10:00:00Z");

  it.each([
    ["3", 3_000],
    [" 0 ", 0],
    ["Wed, 28 Jan 2026 10:00:30 GMT", 30_000],
    ["Wed, 28 Jan 2026 09:00:00 GMT", 0],
    ["999999999999", 600_000],
    ["Wed, 28 Jan 2099 10:00:00 GMT", 600_000],
  ])("reads %j as %d ms", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it.each([null, "", "soon", "-5x", "1e999x", "NaN"])("takes %j for absent", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});
