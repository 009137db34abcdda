import { describe, expect, it } from "vitest";
import { qualityTenth } from "./gauges.ts";

describe("qualityTenth", () => {
  it("puts each hundredth into its tenth", () => {
    for (let hundredth = 0; hundredth <= 100; hundredth += 1)
      expect(qualityTenth(hundredth / 100)).toBe(Math.min(9, Math.floor(hundredth / 10)));
  });
});
