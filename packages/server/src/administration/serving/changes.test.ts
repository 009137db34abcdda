import { expect, it } from "vitest";
import { announceServingChange, servingChange } from "./changes.ts";

const key = { organizationId: "o", agentId: "a" };
const never = new AbortController().signal;
const LONG = 60_000;

it("wakes every waiter of the agent", async () => {
  const waiters = [1, 2].map(() => servingChange(key, { milliseconds: LONG, signal: never }));
  announceServingChange(key, "a");
  expect(await Promise.all(waiters)).toHaveLength(2);
});

it("leaves other agents' and organizations' waiters asleep", async () => {
  let woken = false;
  const controller = new AbortController();
  const waiter = servingChange(key, { milliseconds: LONG, signal: controller.signal }).then(
    () => (woken = true),
  );
  announceServingChange(key, "b");
  announceServingChange({ organizationId: "p" }, "a");
  await Promise.resolve();
  expect(woken).toBe(false);
  controller.abort();
  await waiter;
});

it("ends by itself and when it was aborted before", async () => {
  await expect(servingChange(key, { milliseconds: 1, signal: never })).resolves.toBeUndefined();
  const aborted = servingChange(key, { milliseconds: LONG, signal: AbortSignal.abort() });
  await expect(aborted).resolves.toBeUndefined();
});
