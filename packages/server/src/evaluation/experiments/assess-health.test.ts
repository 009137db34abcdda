import { liftOf } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import { assessHealth, type ExposedPeriod, type HealthInput } from "./assess-health.ts";

const input = (
  control: number,
  treatment: number,
  { weights = [50, 50], crossovers = [0, 0], ...change }: Partial<HealthInput & ExposedPeriod> = {},
): HealthInput => ({
  arms: ["control", "treatment"],
  periods: [{ units: [control, treatment], crossovers, weights }],
  runningHours: 10,
  covariates: [],
  final: false,
  ...change,
});

describe("assessHealth", () => {
  it("does not know before the first unit", () => {
    expect(assessHealth(input(0, 0))).toMatchObject({
      status: "unknown",
      reasons: [expect.stringContaining("No unit was exposed")],
      sample_ratio: { alarm: false, p_value: null },
    });
  });

  it("is healthy when the ratio is as intended, also an uneven one", () => {
    expect(assessHealth(input(1010, 990)).status).toBe("healthy");
    const uneven = input(902, 98, { weights: [90, 10] });
    expect(assessHealth(uneven)).toMatchObject({ status: "healthy", reasons: [] });
  });

  it("raises the alarm at a ratio that the split does not explain, and says so in numbers", () => {
    const health = assessHealth(input(10_000, 9_000));
    expect(health.status).toBe("unhealthy");
    expect(health.reasons.join()).toContain("10000 and 9000 units where the split intends 50:50");
    expect(health.sample_ratio.ln_bayes_factor).toBeGreaterThan(Math.log(1000));
  });

  // chi-square p of 10000 : 10500 is 4.79e-4 (one look), which is no alarm for the sequential test.
  it("uses the chi-square test for the final report only", () => {
    expect(assessHealth(input(10_000, 10_500)).status).toBe("healthy");
    const final = assessHealth(input(10_000, 10_500, { final: true }));
    expect(final.sample_ratio.p_value).toBeCloseTo(4.79146435e-4, 12);
    expect(final.status).toBe("unhealthy");
  });

  it.each([
    [9, "healthy"],
    [10, "unhealthy"],
  ])("with %d of 1,000 units in both arms is %s", (crossovers, status) => {
    const health = assessHealth(input(500, 500, { crossovers: [crossovers, 0] }));
    expect(health).toMatchObject({ status, crossover_share: crossovers / 1000 });
  });

  it("stays finite however far off the ratio is", () => {
    const health = assessHealth(input(50_000_000, 0));
    expect(health.sample_ratio.ln_bayes_factor).toBe(1e6);
    expect(JSON.parse(JSON.stringify(health))).toEqual(health);
  });

  it("is unhealthy when nobody comes for a day", () => {
    const silent = assessHealth(input(0, 0, { runningHours: 25 }));
    expect(silent.status).toBe("unhealthy");
    expect(silent.reasons.join()).toContain("No unit was exposed in 25 hours");
  });

  it("compares each period with its own shares", () => {
    const periods = [
      { units: [5000, 5000], crossovers: [0, 0], weights: [0.5, 0.5] },
      { units: [1000, 9000], crossovers: [0, 0], weights: [0.1, 0.9] },
    ];
    expect(assessHealth({ ...input(0, 0), periods }).status).toBe("healthy");
    const off = periods.map((period) => ({ ...period, weights: [0.5, 0.5] }));
    expect(assessHealth({ ...input(0, 0), periods: off }).reasons.join()).toContain(
      "shares at their exposures",
    );
  });

  it.each([
    [0.01, "healthy"],
    [1, "unhealthy"],
  ])("with arms that differed by %d deviations before the experiment is %s", (difference, status) => {
    const arm = (mean: number) => ({ n: 2000, mean, variance: 1 });
    const lift = liftOf(arm(0), arm(difference), "absolute");
    const covariates = [{ metric: "spend", arm: "treatment", lift }];
    const health = assessHealth(input(2000, 2000, { covariates }));
    expect(health.status).toBe(status);
    expect(health.covariates[0]?.alarm).toBe(status === "unhealthy");
  });
});
