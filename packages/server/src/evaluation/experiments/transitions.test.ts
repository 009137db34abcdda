import { EXPERIMENT_STATUSES } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { nextStatuses } from "./transitions.ts";

it("lets an experiment go forward, pause and resume, and never out of a decision", () => {
  const table = Object.fromEntries(EXPERIMENT_STATUSES.map((status) => [status, nextStatuses(status)]));
  expect(table).toEqual({
    draft: ["running", "stopped"],
    running: ["paused", "stopped", "decided"],
    paused: ["running", "stopped", "decided"],
    stopped: ["decided"],
    decided: [],
  });
});

it("never leads back to a draft", () => {
  expect(EXPERIMENT_STATUSES.flatMap(nextStatuses)).not.toContain("draft");
});
