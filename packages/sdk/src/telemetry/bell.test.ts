import { expect, it } from "vitest";
import { manualClock, settle } from "../transport/clock.testing.ts";
import { createBell, waitFor } from "./bell.ts";

it("wakes everybody who waits, once", async () => {
  const bell = createBell();
  bell.ring();
  let woken = 0;
  const count = (): void => void (woken += 1);
  void bell.wait().then(count);
  void bell.wait().then(count);
  await settle();
  expect(woken).toBe(0);
  bell.ring();
  bell.ring();
  await settle();
  expect(woken).toBe(2);
});

it("waits for a ring or the time, whichever is first, and leaves no timer", async () => {
  const clock = manualClock();
  const [one, other] = [createBell(), createBell()];
  const ended: string[] = [];
  void waitFor(clock, 100, one.wait(), other.wait()).then(() => ended.push("ring"));
  void waitFor(clock, 50).then(() => ended.push("time"));
  await clock.advance(50);
  expect(ended).toEqual(["time"]);
  other.ring();
  await settle();
  expect(ended).toEqual(["time", "ring"]);
  expect(clock.waiting).toBe(0);
});
