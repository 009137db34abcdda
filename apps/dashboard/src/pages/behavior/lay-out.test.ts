import { describe, expect, it } from "vitest";
import { curveOf, END, layOut, START, type Workflow } from "./lay-out.ts";

const tool = (name: string, calls: number): Workflow["tools"][number] => ({
  tool: name,
  calls,
  runs: calls,
  failureRate: null,
  durationMs: null,
  runIds: [],
});
const step = (from: string, to: string, count: number, share: number): Workflow["steps"][number] => ({
  from,
  to,
  count,
  runs: count,
  share,
  runIds: [],
});

const WORKFLOW: Workflow = {
  runs: 10,
  tools: [tool("look", 14), tool("check", 10), tool("pay", 9), tool("rare", 1)],
  steps: [
    step(START, "look", 10, 1),
    step("look", "check", 10, 0.7),
    step("check", "pay", 9, 0.9),
    step("pay", END, 9, 1),
    step("look", "look", 4, 0.29),
    step("check", "look", 1, 0.1),
    step("check", "rare", 1, 0.02),
    step("rare", END, 1, 1),
  ],
};

describe("the picture of a workflow", () => {
  const all = layOut(WORKFLOW, { mostTools: 12, leastShare: 0 });
  const at = (name: string): { x: number; y: number } => {
    const node = all.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`${name} is not placed`);
    return node;
  };

  it("goes down from the start to the end, whatever goes back", () => {
    const rows = [START, "look", "check", "pay", END].map((name) => at(name).y);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(new Set(rows).size).toBe(5);
    expect(at("rare").y).toBe(at("pay").y);
    expect(all.hidden).toEqual({ tools: 0, steps: 0 });
  });

  it("puts no two boxes over each other and none outside", () => {
    const isOver = all.nodes.some((one) =>
      all.nodes.some((other) => one !== other && one.y === other.y && Math.abs(one.x - other.x) < 156),
    );
    expect(isOver).toBe(false);
    expect(all.nodes.every(({ x, y }) => x >= 0 && x + 156 <= all.width && y + 44 <= all.height)).toBe(true);
  });

  it("leaves out what is rare, and says how much; the way to a tool stays", () => {
    const few = layOut(WORKFLOW, { mostTools: 3, leastShare: 0.2 });
    expect(few.nodes.map(({ name }) => name).sort()).toEqual([END, START, "check", "look", "pay"].sort());
    expect(few.hidden).toEqual({ tools: 1, steps: 3 });
    const rare = layOut(WORKFLOW, { mostTools: 4, leastShare: 0.5 });
    expect(rare.steps.some(({ step: { to } }) => to === "rare")).toBe(true);
  });

  it("draws a loop beside its box and a way back on the right", () => {
    const curve = (from: string, to: string): string => {
      const found = all.steps.find(({ step: one }) => one.from === from && one.to === to);
      return found === undefined ? "" : curveOf(found).path;
    };
    const right = at("look").x + 156;
    expect(curve("look", "look")).toContain(`M ${right} `);
    expect(curve("check", "look")).toContain(`M ${right} `);
    expect(curve("look", "check")).toContain(`M ${at("look").x + 78} ${at("look").y + 44}`);
  });

  it("is two boxes without a run", () => {
    expect(layOut({ runs: 0, tools: [], steps: [] }, { mostTools: 5, leastShare: 0 }).nodes).toHaveLength(2);
  });
});
