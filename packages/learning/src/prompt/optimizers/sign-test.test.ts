import { expect, test } from "vitest";
import { trialsOf } from "../../testing/trials.ts";
import { signTest } from "./sign-test.ts";

test("counts rows that both have, and only those that differ", () => {
  const [one, other] = trialsOf([
    { scores: [1, 1, 1, 1, 1, 0, 1] },
    { scores: [0, 0, 0, 0, 0, 0, undefined] },
  ]) as [never, never];
  expect(signTest(one, other)).toBeCloseTo(1 / 32, 12);
  expect(signTest(other, one)).toBe(1);
  expect(signTest(one, one)).toBe(1);
});
