import { describe, expect, it } from "vitest";
import { expectedEffect } from "./expected-effect.ts";

describe("expectedEffect", () => {
  it("promises nothing where nothing was measured", () => {
    expect(expectedEffect(undefined, [])).toMatchObject({
      baseline_score: null,
      earlier_gain: null,
      earlier_runs: 0,
      sentence: expect.stringContaining("Nobody has measured") as string,
    });
  });

  it("says what is left to gain and what earlier runs gained", () => {
    const effect = expectedEffect(0.44, [0.2, 0.1]);
    expect(effect.earlier_gain).toBeCloseTo(0.15);
    expect(effect.sentence).toContain("44 %");
    expect(effect.sentence).toContain("56 %");
    expect(effect.sentence).toContain("15 %");
  });
});
