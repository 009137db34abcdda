import { expect, it } from "vitest";
import { describeLoss, logLine, readLosses } from "./read-metrics.ts";

const metrics = (points: object[]): { id: string; event: string; data: unknown } => ({
  id: "1",
  event: "metrics",
  data: { points },
});

it("reads losses over steps, the newer report of a step, no number that is none", () => {
  const events = [
    metrics([
      { step: 2, loss: 1.5 },
      { step: 1, loss: 2 },
    ]),
    { id: "2", event: "log", data: { lines: ["loss 9"] } },
    metrics([{ step: 2, loss: 1.2, eval_loss: 1.4 }, { step: 3, loss: null }, "noise" as unknown as object]),
    { id: "4", event: "metrics", data: null },
  ];
  expect(readLosses(events)).toEqual([
    {
      name: "loss",
      points: [
        { step: 1, value: 2 },
        { step: 2, value: 1.2 },
      ],
    },
    { name: "eval_loss", points: [{ step: 2, value: 1.4 }] },
  ]);
  expect(readLosses([])).toEqual([]);
});

it("says where the loss went", () => {
  const of = (...values: number[]): string =>
    describeLoss({ name: "loss", points: values.map((value, index) => ({ step: index + 1, value })) });
  expect(of()).toBe("No loss was reported yet.");
  expect(of(2)).toBe("The loss was 2.000 at step 1.");
  expect(of(2, 0.5)).toBe("The loss fell from 2.000 at step 1 to 0.500 at step 2.");
  expect(of(1, 3)).toMatch(/rose/);
});

it("writes events as lines", () => {
  const line = (event: string, data: unknown): string => logLine(event, data, (name) => name);
  expect(line("log", { lines: ["one", "<b>two</b>"] })).toBe("one\n<b>two</b>");
  expect(line("metrics", { points: [{ step: 4, loss: 0.123_456, note: "x" }] })).toBe("step 4, loss 0.1235");
  expect(line("failed", { message: "No memory", created_at: "now" })).toBe("No memory");
  expect(line("paused", { at: 3 })).toBe("at: 3");
  expect(line("paused", "x")).toBe("");
  expect(line("queued", { attempt: 2, rows: { train: 3, test: 1 }, warnings: [] })).toBe(
    "attempt: 2, rows: train 3, test 1, warnings: none",
  );
  const estimate = {
    rows: { train: 80, test: 20 },
    expected_effect: { earlier_runs: 0, sentence: "Nobody knows yet." },
    missing: ["There is no trainer."],
    problems: [],
  };
  expect(line("proposed", { estimate })).toBe(
    "80 rows to train on, 20 to judge by. Nobody knows yet. There is no trainer.",
  );
});
