import { describe, expect, it } from "vitest";
import { runningHours } from "./stored-experiment.ts";

const at = (hours: number): Date => new Date(hours * 3_600_000);
const clock = (pausedHours: number, pausedSince: number | null) => ({
  pausedMilliseconds: pausedHours * 3_600_000,
  pausedSince: pausedSince === null ? null : at(pausedSince).toISOString(),
});

describe("runningHours", () => {
  it.each([
    ["before the start", null, null, clock(0, null), 50, 0],
    ["while it runs", 10, null, clock(0, null), 50, 40],
    ["less earlier pauses", 10, null, clock(5, null), 50, 35],
    ["less the pause of now", 10, null, clock(5, 30), 50, 15],
    ["until the end only", 10, 20, clock(0, null), 50, 10],
    ["until the end, which ended a pause", 10, 40, clock(0, 30), 50, 20],
    ["never below zero when the clock runs backwards", 10, null, clock(0, null), 5, 0],
  ])("%s", (_name, started, ended, pauses, now, expected) => {
    const row = {
      started_at: started === null ? null : at(started),
      ended_at: ended === null ? null : at(ended),
    };
    expect(runningHours(row, pauses, at(now))).toBe(expected);
  });
});
