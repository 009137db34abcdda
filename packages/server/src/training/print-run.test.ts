import { describe, expect, it } from "vitest";
import { printEvent } from "./print-run.ts";

describe("an event of a run", () => {
  it.each([
    [
      "metrics",
      {
        points: [
          { step: 1, loss: 2 },
          { step: 12, loss: 0.123456 },
        ],
      },
      "step 12, loss 0.1235\n",
    ],
    ["metrics", { points: [{ step: 3, eval_loss: 1.5 }] }, "step 3, validation loss 1.500\n"],
    ["metrics", { points: [] }, undefined],
    ["log", { lines: ["one", "two"] }, "  one\n  two\n"],
    ["awaiting_review", { phase: "awaiting_review" }, "awaiting review\n"],
    ["retried", { message: "the disk is full" }, "retried: the disk is full\n"],
  ])("%s reads as it should", (event, data, line) => expect(printEvent(event, data)).toBe(line));
});
