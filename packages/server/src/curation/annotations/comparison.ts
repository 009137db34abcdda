import { createHash } from "node:crypto";
import type { LearningExample } from "@agent-learning/contract";

/** Which output of a pair a task shows first: as good as chance, and the same whenever the task is shown. */
export function firstShown(taskId: string): "A" | "B" {
  const [byte = 0] = createHash("sha256").update(taskId).digest();
  return byte % 2 === 0 ? "A" : "B";
}

/** A pair as those see it who are to judge it: without what its contributor prefers. Other examples as they are. */
export function withoutPreference(example: LearningExample): LearningExample {
  if (example.example_type !== "preference") return example;
  return { ...example, preferred_output: null, preference_strength: null, expected_output: "" };
}
