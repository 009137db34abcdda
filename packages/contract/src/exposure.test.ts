import { expect, it } from "vitest";
import { reportExposures, reportOutcomes } from "./exposure.ts";

const SUBJECT = { kind: "experiment", id: "0190a000-0000-7000-8000-000000000001", unit_id: "u" };

it.each<[string, number, boolean]>([
  ["error_rate", 0, true],
  ["error_rate", 1, true],
  ["error_rate", 0.5, false],
  ["task_completion", 0.5, false],
  ["satisfaction", 0.5, true],
  ["satisfaction", 1.01, false],
  ["satisfaction", -0.1, false],
  ["latency_ms", 1250.5, true],
  ["latency_ms", -1, false],
  ["latency_ms", Number.POSITIVE_INFINITY, false],
  ["latency_ms", Number.NaN, false],
  ["charm", 1, false],
])("an outcome of %s %d: %s", (metric, value, valid) => {
  const outcomes = [{ ...SUBJECT, outcome_id: "o", metric, value }];
  expect(reportOutcomes.safeParse({ outcomes }).success).toBe(valid);
});

it.each<[string, number, boolean]>([
  ["none", 0, false],
  ["one", 1, true],
  ["five hundred", 500, true],
  ["five hundred and one", 501, false],
])("takes batches of %s: %i", (_name, count, valid) => {
  const exposures = Array.from({ length: count }, () => ({ ...SUBJECT, arm: "control" }));
  expect(reportExposures.safeParse({ exposures }).success).toBe(valid);
});
