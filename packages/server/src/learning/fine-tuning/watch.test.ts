import { describe, expect, it } from "vitest";
import type { Observation } from "./backends/backend.ts";
import { FRESH, type RunState } from "./run-state.ts";
import { judge, withSights } from "./watch.ts";

const START = new Date("2026-01-01T00:00:00Z");
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);
const seen = (part: Partial<Observation> = {}): Observation => ({
  status: "running",
  step: 1,
  totalSteps: 10,
  heartbeat: 100,
  metrics: [],
  log: [],
  cursor: null,
  ...part,
});
const patience = { start: 60, silence: 30, stall: 120 };
const submitted: RunState = { ...FRESH, submitted_at: START.toISOString() };
const look = (part: Partial<Observation>, state: RunState, seconds: number) =>
  judge(seen(part), withSights(state, seen(part), after(seconds)), after(seconds), patience);

describe("watchdogs", () => {
  it("let a trainer run that beats and steps", () => {
    const first = withSights(submitted, seen(), START);
    expect(look({ heartbeat: 140, step: 2 }, first, 40)).toEqual({ kind: "running" });
  });

  it("stop one whose loss is not a number, for good", () => {
    for (const loss of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(look({ metrics: [{ step: 7, loss }] }, submitted, 1)).toMatchObject({
        kind: "broken",
        stop: true,
        lost: false,
        fault: { kind: "numeric", message: expect.stringContaining("step 7") as string },
      });
    }
    expect(look({ metrics: [{ step: 7, loss: 1 }, { step: 8 }] }, submitted, 1)).toEqual({ kind: "running" });
  });

  it("take silence for a fault of what is around it, whatever the trainer's own clock says", () => {
    const first = withSights(submitted, seen({ heartbeat: 9e9 }), START);
    expect(look({ heartbeat: 9e9 }, first, 29)).toEqual({ kind: "running" });
    expect(look({ heartbeat: 9e9 }, first, 31)).toMatchObject({
      kind: "broken",
      stop: true,
      fault: { kind: "infrastructure" },
    });
  });

  it("take standing still at a step for one, however it beats", () => {
    const first = withSights(submitted, seen({ step: 5 }), START);
    expect(look({ step: 5, heartbeat: 101 }, first, 119)).toEqual({ kind: "running" });
    expect(look({ step: 5, heartbeat: 102 }, first, 121)).toMatchObject({ kind: "broken", stop: true });
  });

  it("do not count the time that it was paused", () => {
    const first = withSights(submitted, seen({ step: 5 }), START);
    const paused = withSights(first, seen({ step: 5, status: "paused" }), after(10_000));
    expect(look({ step: 5, heartbeat: 101 }, paused, 10_020)).toEqual({ kind: "running" });
    expect(look({ step: 5, heartbeat: 101 }, paused, 10_121)).toMatchObject({ kind: "broken" });
  });

  it("give it time to begin, and no more", () => {
    const silent = { status: "waiting", step: null, heartbeat: undefined } as const;
    expect(look(silent, submitted, 59)).toEqual({ kind: "wait" });
    expect(look(silent, submitted, 61)).toMatchObject({ kind: "broken", lost: true });
  });

  it("let it wait in a queue for as long as the queue answers", () => {
    const queued = { status: "waiting", step: null, heartbeat: 1 } as const;
    const heard = withSights(submitted, seen(queued), after(1_000));
    expect(look({ ...queued, heartbeat: 2 }, heard, 2_000)).toEqual({ kind: "wait" });
    const silent = { ...queued, heartbeat: undefined };
    expect(look(silent, heard, 1_059)).toEqual({ kind: "wait" });
    expect(look(silent, heard, 1_061)).toMatchObject({ kind: "broken", lost: true });
  });

  it("tell a trainer that died from one that says what is wrong", () => {
    expect(look({ status: "gone" }, submitted, 1)).toMatchObject({
      lost: true,
      fault: { kind: "infrastructure" },
    });
    const fault = { kind: "data" as const, message: "row 3 has no messages" };
    expect(look({ status: "failed", fault }, submitted, 1)).toEqual({
      kind: "broken",
      fault,
      stop: false,
      lost: false,
    });
  });
});
