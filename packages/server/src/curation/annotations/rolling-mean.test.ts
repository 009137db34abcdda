import { describe, expect, test } from "vitest";
import { RollingMeans } from "./rolling-mean.ts";

describe("RollingMeans", () => {
  test("gives the mean of one decision over its days, and forgets what came before them", () => {
    const means = new RollingMeans(3);
    expect(means.mean("approve", "2026-01-01")).toBeNull();
    means.add("approve", "2026-01-01", 0.2);
    means.add("reject", "2026-01-01", 0.1);
    means.add("approve", "2026-01-02", 0.6);
    expect(means.mean("approve", "2026-01-03")).toBeCloseTo(0.4, 12);
    expect(means.mean("reject", "2026-01-03")).toBeCloseTo(0.1, 12);
    expect(means.mean("approve", "2026-01-04")).toBeCloseTo(0.6, 12);
    expect(means.mean("reject", "2026-01-04")).toBeNull();
    means.add("approve", "2026-03-01", 1);
    expect(means.mean("approve", "2026-03-01")).toBe(1);
  });
});
