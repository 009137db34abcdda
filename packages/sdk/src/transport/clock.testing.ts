import type { Clock } from "./clock.ts";

export interface ManualClock extends Clock {
  /** Moves time on and fires what is due, in order, letting promises settle in between. */
  advance(milliseconds: number): Promise<void>;
  /** How many keep the process alive. */
  readonly kept: number;
  /** Timers that wait. */
  readonly waiting: number;
}

/** Lets everything that needs no timer run to its end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that only moves when told to; its chance is always `random`. */
export function manualClock(start: number = 1_700_000_000_000, random: number = 0.5): ManualClock {
  let now = 0;
  let kept = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => start + now,
    monotonic: () => now,
    keepAlive: () => {
      kept += 1;
      return () => {
        kept -= 1;
      };
    },
    random: () => random,
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((other) => other !== due);
        now = Math.max(now, due.at);
        due.run();
        await settle();
      }
      now = end;
    },
    get kept() {
      return kept;
    },
    get waiting() {
      return timers.length;
    },
  };
}
