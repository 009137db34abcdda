import { expect, test } from "vitest";
import type { Candidate } from "../../candidate.ts";
import { mergeCandidates } from "./merge-candidates.ts";

const of = (components: Record<string, string>): Candidate => ({
  runtime: "model",
  components,
  demonstrations: [],
  parameters: {},
});
const base = { a: "a0", b: "b0", c: "c0" };

test("takes each text from the one that changed it", () => {
  const merged = mergeCandidates(of(base), of({ ...base, a: "a1" }), of({ ...base, b: "b1", c: "c1" }));
  expect(merged?.components).toEqual({ a: "a1", b: "b1", c: "c1" });
});

test.each([
  ["both changed the same text differently", { ...base, a: "a1" }, { ...base, a: "a2", b: "b1" }],
  ["one changed nothing", base, { ...base, a: "a1" }],
  ["both made the same change", { ...base, a: "a1" }, { ...base, a: "a1" }],
])("nothing to join where %s", (_name, one, other) => {
  expect(mergeCandidates(of(base), of(one), of(other))).toBeUndefined();
});

test("nothing to join with a single component", () => {
  expect(mergeCandidates(of({ a: "a0" }), of({ a: "a1" }), of({ a: "a2" }))).toBeUndefined();
});
