import { describe, expect, it } from "vitest";
import { BASELINES, startBaselines } from "./baselines.ts";
import { drawFalseRollbacks } from "./draw-false-rollbacks.ts";
import { judgeCanaries } from "./judge-canaries.ts";
import { SCENARIOS } from "./scenarios.ts";
import { simulateCanary } from "./simulate-canary.ts";

// The benchmark runs ten thousand of each; these few find a guardrail that cries wolf or sleeps.
const RUNS = 12;
const results = new Map(
  SCENARIOS.map((scenario) => {
    const runs = Array.from({ length: RUNS }, (_, seed) => simulateCanary(scenario, seed));
    return [scenario.name, judgeCanaries(scenario, runs)];
  }),
);

describe("every claim of the simulation", () => {
  it.each(SCENARIOS.map(({ name, title }) => [name, title]))("%s: %s", (name) => {
    const result = results.get(name);
    expect(result?.isKept, JSON.stringify(result)).toBe(true);
  });

  it("promotes what is healthy through every stage, and nothing that is at its limit", () => {
    expect(results.get("healthy")?.promoted).toBe(RUNS);
    expect(results.get("stages")?.promoted).toBeGreaterThan(RUNS / 2);
    expect(results.get("boundary")?.promoted).toBe(0);
  });

  it("shows what the rules of the field do to healthy canaries", () => {
    const [zTest, failedChecks] = BASELINES.map(
      (_, i) => (name: string) => results.get(name)?.baselines[i] ?? 0,
    );
    expect(zTest?.("stages")).toBe(RUNS);
    expect(failedChecks?.("near-limit")).toBeGreaterThan(RUNS / 2);
  });
});

it("is the same run for the same seed", () => {
  const [scenario] = SCENARIOS;
  if (scenario === undefined) throw new Error("no scenario");
  expect(simulateCanary(scenario, 7)).toEqual(simulateCanary(scenario, 7));
});

describe("baselines", () => {
  it.each([
    ["repeated z-test", 0],
    ["failed checks", 1],
    ["running mean", 2],
  ])("%s rolls a bad candidate back, and no perfect one", (_name, i) => {
    const rule = (): ReturnType<typeof startBaselines>[number] => startBaselines(0.05)[i] as never;
    const [bad, perfect] = [rule(), rule()];
    let [isBad, isPerfect] = [false, false];
    for (let request = 0; request < 2000; request++) {
      isBad = bad.observe(true, request % 5 === 0 ? 1 : 0, 1);
      bad.observe(false, 0, 1);
      isPerfect = perfect.observe(true, 0, 1);
      perfect.observe(false, 0, 1);
    }
    expect([isBad, isPerfect]).toEqual([true, false]);
  });
});

it("draws a bar for every rule and scenario", () => {
  const shown = [...results.values()].filter((result) => result.pValue !== null);
  const svg = drawFalseRollbacks(shown);
  // Background, legend, bars.
  expect(svg.match(/<rect/g)).toHaveLength(1 + 4 + 4 * shown.length);
});
