import type { LearningExample } from "@agent-learning/contract";
import { expect, test } from "vitest";
import { firstShown, withoutPreference } from "./comparison.ts";

test("each output comes first in about half of the tasks, and always in the same ones", () => {
  const tasks = Array.from(
    { length: 1_000 },
    (_, i) => `0190a1b2-0000-7000-8000-${String(i).padStart(12, "0")}`,
  );
  const first = tasks.map(firstShown);
  expect(first).toEqual(tasks.map(firstShown));
  const share = first.filter((side) => side === "A").length / tasks.length;
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.55);
});

test("a pair is shown without what anybody prefers, another example as it is", () => {
  const pair = {
    example_type: "preference",
    preferred_output: "A",
    preference_strength: 4,
    expected_output: "one",
    output_a: "one",
  } as LearningExample;
  expect(withoutPreference(pair)).toMatchObject({
    preferred_output: null,
    preference_strength: null,
    expected_output: "",
    output_a: "one",
  });
  const other = { ...pair, example_type: "correction" } as LearningExample;
  expect(withoutPreference(other)).toBe(other);
});
