import { describe, expect, it } from "vitest";
import { compactCount, milliseconds, percent, plural, points } from "./numbers.ts";
import { duration, relativeTime } from "./time.ts";
import { humanise, metricValue, metricWord } from "./words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 28, 12);
const at = (offset: number): string => new Date(NOW + offset).toISOString();

describe("times", () => {
  it.each([
    [0, "0 s"],
    [59_000, "59 s"],
    [90_000, "1 min"],
    [HOUR, "1 h"],
    [3 * HOUR + 27 * MINUTE, "3 h 27 min"],
    [24 * HOUR, "1 d"],
    [52 * HOUR, "2 d 4 h"],
    [-5, "0 s"],
  ])("%d ms last %s", (span, words) => expect(duration(span)).toBe(words));

  it.each([
    [-3_000, "just now"],
    [3_000, "just now"],
    [-3 * HOUR - 27 * MINUTE, "3 h ago"],
    [-16 * 24 * HOUR - 5 * HOUR, "16 d ago"],
    [52 * HOUR, "in 2 d 4 h"],
  ])("%d ms away is %s", (offset, words) => expect(relativeTime(at(offset), NOW)).toBe(words));
});

describe("numbers", () => {
  it.each([
    [0.598, 1, "59.8\u00a0%"],
    [0, 0, "0\u00a0%"],
    [null, 1, "–"],
  ])("percent(%s)", (share, digits, words) => expect(percent(share, digits)).toBe(words));

  it("write signs, units and plurals", () => {
    expect([points(0.116), points(-0.02)]).toEqual(["+11.6", "−2.0"]);
    expect([milliseconds(420.4), milliseconds(1_400), milliseconds(null)]).toEqual(["420 ms", "1.4 s", "–"]);
    expect([compactCount(9_999), compactCount(10_788)]).toEqual(["9,999", "10.8K"]);
    expect([plural(1, "vote"), plural(1_200, "vote")]).toEqual(["1 vote", "1,200 votes"]);
  });
});

describe("words", () => {
  it("make values readable, known or not", () => {
    expect(humanise("prompt_optimization")).toBe("Prompt optimization");
    expect([metricWord("latency_ms"), metricWord("refund_rate")]).toEqual(["Latency", "Refund rate"]);
    expect([
      metricValue("latency_ms", 128.4),
      metricValue("satisfaction", 0.5),
      metricValue("tokens", 812),
    ]).toEqual(["128 ms", "50.0\u00a0%", "812.00"]);
  });
});
