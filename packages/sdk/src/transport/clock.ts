/** Time and chance, so that tests can hold them. Timers never keep a process alive. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that no change of the wall clock disturbs. */
  monotonic(): number;
  /** Calls `run` once after `milliseconds`; returns its cancellation. */
  after(milliseconds: number, run: () => void): () => void;
  /** Keeps the process alive, for somebody who waits for us, until the returned function is called. */
  keepAlive(): () => void;
  /** In [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    // Browsers have numbers for timers.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
  keepAlive: () => {
    const timer = setInterval(() => undefined, 60_000);
    return () => clearInterval(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `milliseconds`, or at once when `signal` aborts. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal.addEventListener("abort", end);
  });
}
