import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLog } from "../log.ts";
import { describeEachEngine, setClock } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestServices } from "../testing/test-services.ts";
import type { ScheduleDefinition } from "./job-queue.ts";
import { createScheduleTicker, type ScheduleTicker } from "./schedule-ticker.ts";

type Sweep = ScheduleDefinition["sweep"];

describeEachEngine("schedule ticker", (suite) => {
  const open: ScheduleTicker[] = [];
  let lines: string[] = [];
  let organization = "";

  beforeEach(async () => {
    organization = (await createTestOrganization(suite.database)).id;
  });
  afterEach(async () => {
    for (const ticker of open.splice(0)) await ticker.stop();
    await setClock(suite.database, "0");
  });

  function ticker(schedules: ScheduleDefinition[], tickMilliseconds = 20): ScheduleTicker {
    lines = [];
    const log = createLog("debug", (line) => lines.push(line));
    const made = createScheduleTicker(
      createTestServices(suite.database, { log }),
      schedules,
      tickMilliseconds,
    );
    open.push(made);
    return made;
  }

  function callsHere(sweep: ReturnType<typeof vi.fn<Sweep>>): number {
    return sweep.mock.calls.filter(([, id]) => id === organization).length;
  }

  it("sweeps when the learning clock says so, also when it is moved", async () => {
    const often = vi.fn<Sweep>(async () => undefined);
    const daily = vi.fn<Sweep>(async () => undefined);
    ticker([
      { name: "often", everySeconds: 0, sweep: often },
      { name: "daily", everySeconds: 86_400, sweep: daily },
    ]).start();
    await vi.waitFor(() => expect(callsHere(often)).toBeGreaterThan(3), { timeout: 5_000 });
    expect(callsHere(daily)).toBe(1);
    await setClock(suite.database, "25 hours");
    await vi.waitFor(() => expect(callsHere(daily)).toBe(2), { timeout: 5_000 });
    await setClock(suite.database, "0");
    await vi.waitFor(() => expect(callsHere(daily)).toBe(3), { timeout: 5_000 });
    await sleep(100);
    expect(callsHere(daily)).toBe(3);
  });

  it("goes on in other organizations and with other schedules when one fails", async () => {
    const other = (await createTestOrganization(suite.database)).id;
    const failing = vi.fn<Sweep>(async (_services, id) => {
      if (id === organization) throw new Error("broken here");
    });
    const next = vi.fn<Sweep>(async () => undefined);
    await ticker([
      { name: "failing", everySeconds: 60, sweep: failing },
      { name: "next", everySeconds: 60, sweep: next },
    ]).tick();
    expect(failing.mock.calls.map(([, id]) => id)).toEqual(expect.arrayContaining([organization, other]));
    expect(callsHere(next)).toBe(1);
    const errors = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(errors).toEqual([
      expect.objectContaining({ level: "error", schedule: "failing", organizationId: organization }),
    ]);
  });

  it("stops a tick and repeats it when the database is away", async () => {
    let away = true;
    const flaky = vi.fn<Sweep>(async () => {
      if (away) throw Object.assign(new Error("gone"), { code: "57P01" });
    });
    const made = ticker([{ name: "flaky", everySeconds: 86_400, sweep: flaky }]);
    await expect(made.tick()).rejects.toThrow("gone");
    made.start();
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), { timeout: 5_000 });
    away = false;
    await vi.waitFor(() => expect(callsHere(flaky)).toBeGreaterThan(0), { timeout: 5_000 });
    await sleep(100);
    const calls = flaky.mock.calls.length;
    await sleep(100);
    expect(flaky.mock.calls.length).toBe(calls);
    expect(lines.every((line) => line.includes("a tick could not run"))).toBe(true);
  });

  it("never runs two ticks at once, and tick() runs every sweep whether due or not", async () => {
    let running = 0;
    let most = 0;
    const slow = vi.fn<Sweep>(async (_services, id) => {
      if (id !== organization) return;
      running += 1;
      most = Math.max(most, running);
      await sleep(30);
      running -= 1;
    });
    const made = ticker([{ name: "slow", everySeconds: 86_400, sweep: slow }], 5);
    made.start();
    await Promise.all([made.tick(), made.tick(), made.tick()]);
    expect(most).toBe(1);
    expect(callsHere(slow)).toBeGreaterThanOrEqual(3);
  });

  it("stops after the sweep it is in", async () => {
    const ended: string[] = [];
    const slow = vi.fn<Sweep>(async (_services, id) => {
      await sleep(50);
      ended.push(id);
    });
    const made = ticker([{ name: "slow", everySeconds: 0, sweep: slow }], 1);
    made.start();
    await vi.waitFor(() => expect(slow.mock.calls.length).toBeGreaterThan(0), { timeout: 5_000 });
    await made.stop();
    expect(ended).toHaveLength(slow.mock.calls.length);
    const calls = slow.mock.calls.length;
    await sleep(100);
    expect(slow.mock.calls.length).toBe(calls);
  });
});
