import { describe, expect, it } from "vitest";
import { outageOf, type SourceReport } from "./outage.ts";

const report = (change: Partial<SourceReport> = {}): SourceReport => ({
  status: "healthy",
  reason: null,
  heartbeat_seconds: null,
  reported_at: new Date(0),
  ...change,
});
const at = (seconds: number): Date => new Date(seconds * 1_000);

describe("outageOf", () => {
  it.each<[string, SourceReport, number, string | null]>([
    ["healthy, for however long", report(), 1e9, null],
    ["failing, with its reason", report({ status: "failing", reason: "disk full" }), 0, "disk full"],
    ["failing, without one", report({ status: "failing" }), 0, "reported as failing"],
    ["within two heartbeats", report({ heartbeat_seconds: 60 }), 120, null],
    ["past them", report({ heartbeat_seconds: 60 }), 121, "silent for 121 s, expected every 60 s"],
    ["a clock that ran backwards", report({ heartbeat_seconds: 60 }), -500, null],
  ])("%s", (_name, given, seconds, outage) => {
    expect(outageOf(given, at(seconds))).toBe(outage);
  });
});
