import { NO_PAIRED_UNITS, type PairedUnitSums } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { SubjectSums } from "../../evaluation/exposures/index.ts";
import { armProblems } from "./compare-arms.ts";

const exposed = (units: number, crossovers = 0): PairedUnitSums => ({
  ...NO_PAIRED_UNITS,
  n: units,
  sum: crossovers,
  otherSum: units,
});
const sums = (...stages: [candidate: PairedUnitSums, control: PairedUnitSums][]): SubjectSums =>
  Object.fromEntries(
    stages.map(([candidate, control], stage) => [
      String(stage),
      { candidate: { exposure: candidate }, control: { exposure: control } },
    ]),
  );
const STAGES = [{ share: 0.05 }, { share: 0.25 }, { share: 0.75 }, { share: 1 }];

describe("armProblems", () => {
  it.each<[string, SubjectSums, number]>([
    ["no units yet", {}, 0],
    ["arms of equal size", sums([exposed(510), exposed(490)]), 0],
    ["units of one arm are lost", sums([exposed(900), exposed(400)]), 1],
    [
      "lost over stages that look sound alone",
      sums([exposed(330), exposed(250)], [exposed(1400), exposed(1150)]),
      1,
    ],
    [
      "beyond half of the traffic the sizes differ by design",
      sums([exposed(50), exposed(50)], [exposed(0), exposed(0)], [exposed(900), exposed(100)]),
      0,
    ],
    ["units in both arms", sums([exposed(500, 6), exposed(500, 4)]), 1],
    ["one unit in both arms, of few", sums([exposed(30, 1), exposed(30)]), 0],
    ["both at once", sums([exposed(900, 50), exposed(400)]), 2],
  ])("%s", (_name, value, problems) => {
    expect(armProblems(value, STAGES)).toHaveLength(problems);
  });

  it("says what is wrong, with the numbers", () => {
    expect(armProblems(sums([exposed(900), exposed(400)]), STAGES)[0]).toContain("900 and 400 units");
  });
});
