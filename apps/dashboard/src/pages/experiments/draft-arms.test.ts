import { expect, it } from "vitest";
import { type DraftArm, equalShares, holdoutOf, withTreatment } from "./draft-arms.ts";

const arm = (name: string, percentage = 0): DraftArm => ({ name, versionId: `v-${name}`, percentage });

it.each([
  [2, [50, 50]],
  [3, [34, 33, 33]],
  [6, [17, 17, 17, 17, 16, 16]],
])("divides everybody among %i arms", (count, shares) => {
  const arms = equalShares(Array.from({ length: count }, (_, index) => arm(`${index}`)));
  expect(arms.map(({ percentage }) => percentage)).toEqual(shares);
  expect(holdoutOf(arms)).toBe(0);
});

it("names a further treatment as no other", () => {
  const arms = [arm("control", 50), arm("treatment", 50), arm("treatment-2", 0)];
  const more = withTreatment(arms, "new");
  expect(more.at(-1)).toEqual({ name: "treatment-3", versionId: "new", percentage: 25 });
  // One that was taken out leaves its name to the next.
  expect(withTreatment(arms.slice(0, 2), "new").at(-1)?.name).toBe("treatment-2");
});

it("tells what the arms leave over, and what they want too much", () => {
  expect(holdoutOf([arm("control", 10), arm("treatment", 10)])).toBe(80);
  expect(holdoutOf([arm("control", 60), arm("treatment", 60)])).toBe(-20);
});
