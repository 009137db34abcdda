import type { Clock } from "../transport/clock.ts";

/** Wakes everybody who waits. A ring with nobody waiting is forgotten. */
export interface Bell {
  ring: () => void;
  wait: () => Promise<void>;
}

export function createBell(): Bell {
  let waiting = Promise.withResolvers<void>();
  return {
    ring: () => {
      const { resolve } = waiting;
      waiting = Promise.withResolvers<void>();
      resolve();
    },
    wait: () => waiting.promise,
  };
}

/** Waits for a ring of any of the bells, at most `milliseconds`. */
export function waitFor(clock: Clock, milliseconds: number, ...rings: Promise<void>[]): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    for (const ring of rings) void ring.then(end);
  });
}
