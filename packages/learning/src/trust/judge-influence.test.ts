import { describe, expect, it } from "vitest";
import { judgeInfluence } from "./judge-influence.ts";
import type { InfluenceReport, LeftOut } from "./leave-one-out.ts";

const left = (change: number, pValue: number): LeftOut => ({
  items: 20,
  asked: 100,
  scoreWith: 0.5,
  scoreWithout: 0.5 - change,
  change,
  onlyWith: 0,
  onlyWithout: 0,
  pValue,
});

function report(more: Partial<InfluenceReport>): InfluenceReport {
  return { heldOut: 100, score: 0.5, contributors: [], cohort: null, ...more };
}

const DATA = { items: 200, outputs: 4 };
const POLICY = { maxHarm: 0.02 };

describe("judgeInfluence", () => {
  it.each<[string, LeftOut, "passed" | "failed"]>([
    ["who takes more than is allowed, beyond chance", left(-0.05, 0.001), "failed"],
    ["who takes no more than is allowed", left(-0.02, 0.001), "passed"],
    ["whom chance explains", left(-0.2, 0.02), "passed"],
    ["who adds", left(0.2, 0.001), "passed"],
  ])("somebody %s", (_name, one, verdict) => {
    const contributors = [{ contributorId: "somebody", ...one }];
    expect(judgeInfluence(report({ contributors }), DATA, POLICY).verdict).toBe(verdict);
  });

  it("names those who harm, alone and together, with the points", () => {
    const judged = judgeInfluence(
      report({
        contributors: [{ contributorId: "one", ...left(-0.05, 0.001) }],
        cohort: { contributorIds: ["one", "two"], ...left(-0.125, 0.001) },
      }),
      DATA,
      POLICY,
    );
    expect(judged.sentence).toBe(
      "Without the 20 items of one the held-out score is 5.0 points higher. " +
        "Without the 20 items of one, two together it is 12.5 points higher.",
    );
    expect(judged.harmful.map(({ contributorId }) => contributorId)).toEqual(["one"]);
    expect(judged.cohort?.contributorIds).toEqual(["one", "two"]);
  });

  it("a policy of 1 refuses nobody", () => {
    const contributors = [{ contributorId: "one", ...left(-0.9, 0) }];
    expect(judgeInfluence(report({ contributors }), DATA, { maxHarm: 1 }).verdict).toBe("passed");
  });

  it("says that it cannot tell, without anything held out or where each output is another text", () => {
    expect(judgeInfluence(report({ heldOut: 0 }), DATA, POLICY).verdict).toBe("inconclusive");
    expect(judgeInfluence(report({}), { items: 10, outputs: 9 }, POLICY).verdict).toBe("inconclusive");
    expect(judgeInfluence(report({}), { items: 0, outputs: 0 }, POLICY).verdict).toBe("inconclusive");
  });
});
