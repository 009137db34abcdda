import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { StepGate } from "./step-gate.ts";

describe("StepGate", () => {
  it("lets everyone go when the last one waits", async () => {
    const gate = new StepGate();
    const gone: string[] = [];
    gate.enter();
    gate.enter();
    const one = gate.step().then(() => gone.push("one"));
    await turn();
    await turn();
    expect(gone).toEqual([]);
    const two = gate.step().then(() => gone.push("two"));
    await Promise.all([one, two]);
    expect(gone).toEqual(["one", "two"]);
  });

  it("waits for who comes in the same turn of the event loop", async () => {
    const gate = new StepGate();
    const gone: string[] = [];
    gate.enter();
    const one = gate.step().then(() => gone.push("one"));
    gate.enter();
    await turn();
    await turn();
    expect(gone).toEqual([]);
    gate.leave();
    await one;
    expect(gone).toEqual(["one"]);
  });

  it("does not hold the others when one leaves", async () => {
    const gate = new StepGate();
    gate.enter();
    gate.enter();
    const step = gate.step();
    gate.leave();
    await step;
    gate.leave();
    gate.enter();
    await gate.step();
    gate.leave();
    await expect(turn("quiet")).resolves.toBe("quiet");
  });
});
