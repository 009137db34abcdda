import { expect, test } from "vitest";
import { directlyFollowsGraph, END, replayFitness, START } from "./directly-follows.ts";
import type { ToolCall, Trace } from "./trace.ts";

const trace = (id: string, calls: ToolCall[]): Trace => ({ id, source: "expert", contributor: id, calls });

test("counts, times and failures, by hand", () => {
  const graph = directlyFollowsGraph([
    trace("1", [
      { tool: "look", milliseconds: 10, failed: true },
      { tool: "look", milliseconds: 30, failed: false },
      { tool: "pay" },
    ]),
    trace("2", [{ tool: "look", milliseconds: 80 }]),
  ]);
  expect(graph.traces).toBe(2);
  expect(graph.nodes).toEqual([
    {
      tool: "look",
      calls: 3,
      traces: 2,
      judged: 2,
      failed: 1,
      failureRate: {
        estimate: 0.5,
        lower: expect.closeTo(0.0945, 4) as number,
        upper: expect.closeTo(0.9055, 4) as number,
      },
      milliseconds: { mean: 40, median: 30 },
      // Where it failed comes first.
      runIds: ["1", "2"],
    },
    {
      tool: "pay",
      calls: 1,
      traces: 1,
      judged: 0,
      failed: 0,
      failureRate: null,
      milliseconds: null,
      runIds: ["1"],
    },
  ]);
  expect(graph.edges).toEqual([
    { from: START, to: "look", count: 2, traces: 2, share: 1, runIds: ["2", "1"] },
    { from: "look", to: END, count: 1, traces: 1, share: expect.closeTo(1 / 3, 12) as number, runIds: ["2"] },
    {
      from: "look",
      to: "look",
      count: 1,
      traces: 1,
      share: expect.closeTo(1 / 3, 12) as number,
      runIds: ["1"],
    },
    {
      from: "look",
      to: "pay",
      count: 1,
      traces: 1,
      share: expect.closeTo(1 / 3, 12) as number,
      runIds: ["1"],
    },
    { from: "pay", to: END, count: 1, traces: 1, share: 1, runIds: ["1"] },
  ]);
});

test("fitness is 1 on what it was made from, and the share of known steps elsewhere", () => {
  const known = [trace("1", [{ tool: "a" }, { tool: "b" }])];
  const graph = directlyFollowsGraph(known);
  expect(replayFitness(graph, known)).toBe(1);
  // start > a is known, a > c and c > end are not.
  expect(replayFitness(graph, [trace("2", [{ tool: "a" }, { tool: "c" }])])).toBeCloseTo(1 / 3, 12);
  expect(replayFitness(graph, [])).toBeUndefined();
});
