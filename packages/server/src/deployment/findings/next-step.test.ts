import { expect, it } from "vitest";
import { nextStep } from "./next-step.ts";

const proven = {
  status: "completed",
  outcome: "promote",
  reviewStatus: "not_required",
  experimentStatus: "draft",
} as const;

it.each([
  [{}, "start_rollout"],
  [{ reviewStatus: "pending" }, "review_version"],
  [{ reviewStatus: "rejected" }, "nothing"],
  [{ outcome: "send_to_experiment" }, "start_experiment"],
  [{ outcome: "send_to_experiment", experimentStatus: "running" }, "await_experiment"],
  [{ outcome: "reject" }, "nothing"],
  [{ outcome: "seed_kept", reviewStatus: null, experimentStatus: null }, "nothing"],
  [{ status: "running", outcome: null }, "wait"],
  [{ status: "failed", outcome: null }, "nothing"],
] as const)("%j: %s", (change, step) => {
  expect(nextStep({ ...proven, ...change })).toBe(step);
});
