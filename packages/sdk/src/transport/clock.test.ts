import { describe, expect, it } from "vitest";
import { sleep, systemClock } from "./clock.ts";
import { manualClock, settle } from "./clock.testing.ts";

describe("sleep", () => {
  it("ends when its time has come, not before", async () => {
    const clock = manualClock();
    let awake = false;
    void sleep(clock, 100, new AbortController().signal).then(() => (awake = true));
    await clock.advance(99);
    expect(awake).toBe(false);
    await clock.advance(1);
    expect(awake).toBe(true);
  });

  it("ends at once when aborted and leaves no timer behind", async () => {
    const clock = manualClock();
    const controller = new AbortController();
    let awake = false;
    void sleep(clock, 100, controller.signal).then(() => (awake = true));
    controller.abort();
    await settle();
    expect(awake).toBe(true);
    expect(clock.waiting).toBe(0);
    await sleep(clock, 100, controller.signal);
  });
});

it("runs a timer of the system and cancels one", async () => {
  const fired: string[] = [];
  systemClock.after(1, () => fired.push("a"));
  systemClock.after(1, () => fired.push("b"))();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fired).toEqual(["a"]);
  expect(systemClock.random()).toBeLessThan(1);
  expect(systemClock.monotonic()).toBeGreaterThan(0);
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
});
