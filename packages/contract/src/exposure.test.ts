import { expect, it } from "vitest";
import { reportExposures, reportOutcomes } from "./exposure.ts";

const SUBJECT = { kind: "experiment", id: "0190a000-0000-7000-8000-000000000001", unit_id: "u" };

it.each<[string, object, boolean]>([
  ["a number", { value: -3.5 }, true],
  ["infinity", { value: Number.POSITIVE_INFINITY }, false],
  ["no number", { value: Number.NaN }, false],
  ["a text", { value: "1" }, false],
  ["a metric without a name", { metric: "" }, false],
  ["a metric that is counted by itself", { metric: "exposure" }, false],
  ["a metric with a name that is none", { metric: "Charm!" }, false],
  ["a time with an offset", { occurred_at: "2026-03-01T10:00:00+02:00" }, true],
  ["a day", { occurred_at: "2026-03-01" }, false],
  ["an infinite denominator", { denominator: Number.POSITIVE_INFINITY }, false],
])("an outcome with %s", (_name, change, valid) => {
  const outcomes = [{ ...SUBJECT, outcome_id: "o", metric: "charm", value: 1, ...change }];
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
