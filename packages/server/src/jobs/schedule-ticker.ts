import { isDatabaseAway, learningNow, withSystem } from "../database/index.ts";
import type { Services } from "../services.ts";
import type { ScheduleDefinition } from "./job-queue.ts";

/** Runs schedules in this process; other processes may run the same sweep beside it. */
export interface ScheduleTicker {
  start(): void;
  /** Runs every sweep once, after the tick that may be running. */
  tick(): Promise<void>;
  /** No new tick; the running one ends after the sweep it is in. */
  stop(): Promise<void>;
}

const ORGANIZATIONS_AT_ONCE = 4;

/** Works on up to `limit` items at once. After a failure no item is begun; it rejects once the begun ones have ended. */
async function forEachAtOnce<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const errors: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const item of queue) {
      if (errors.length > 0) return;
      await work(item).catch((error: unknown) => void errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (errors.length > 0) throw errors[0];
}

/** Looks every `tickMilliseconds` for sweeps that are due by the learning clock. */
export function createScheduleTicker(
  services: Services,
  schedules: readonly ScheduleDefinition[],
  tickMilliseconds: number,
): ScheduleTicker {
  const { log, database } = services;
  const lastSweep = new Map<string, number>();
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  let tail: Promise<void> = Promise.resolve();

  function isDue(schedule: ScheduleDefinition, now: number): boolean {
    const last = lastSweep.get(schedule.name);
    // A clock that was set back must not silence a schedule.
    return last === undefined || now < last || now - last >= schedule.everySeconds * 1_000;
  }

  async function sweepOrganization(schedule: ScheduleDefinition, organizationId: string): Promise<void> {
    try {
      await schedule.sweep(services, organizationId);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      log.error("a sweep failed; others go on", { schedule: schedule.name, organizationId, error });
    }
  }

  async function sweep(
    due: (schedule: ScheduleDefinition, now: number) => boolean,
    cancelled: () => boolean,
  ) {
    const now = (await learningNow(database.kysely)).getTime();
    const wanted = schedules.filter((schedule) => due(schedule, now));
    if (wanted.length === 0) return;
    const organizations = await withSystem(database.kysely, (tx) =>
      tx.selectFrom("organizations").select("id").orderBy("id").execute(),
    );
    for (const schedule of wanted) {
      await forEachAtOnce(organizations, ORGANIZATIONS_AT_ONCE, async ({ id }) => {
        if (!cancelled()) await sweepOrganization(schedule, id);
      });
      lastSweep.set(schedule.name, now);
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  }

  function schedule(): void {
    timer = setTimeout(() => {
      void inTurn(() => sweep(isDue, () => stopped))
        .catch((error: unknown) => log.warn("a tick could not run; the next one tries again", { error }))
        .finally(() => {
          if (!stopped) schedule();
        });
    }, tickMilliseconds);
  }

  return {
    start: () => {
      stopped = false;
      schedule();
    },
    tick: () =>
      inTurn(() =>
        sweep(
          () => true,
          () => false,
        ),
      ),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await tail;
    },
  };
}
