import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptAlpha } from "./attempt-alpha.ts";

test("6 alpha / (pi^2 i^2)", () => {
  expect(attemptAlpha(0.05, 1)).toBeCloseTo(0.0303963550927, 12);
  expect(attemptAlpha(0.05, 2)).toBeCloseTo(0.0303963550927 / 4, 12);
});

test("any number of attempts together spends at most alpha", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: 3000 }),
      (alpha, attempts) => {
        let spent = 0;
        for (let attempt = 1; attempt <= attempts; attempt++) spent += attemptAlpha(alpha, attempt);
        expect(spent).toBeLessThan(alpha);
        expect(spent).toBeGreaterThan(alpha * (1 - 6 / Math.PI ** 2 / attempts) - 1e-12);
      },
    ),
  );
});

test("attempts count from 1", () => {
  expect(() => attemptAlpha(0.05, 0)).toThrow("attempt");
  expect(() => attemptAlpha(0, 1)).toThrow("alpha");
});
