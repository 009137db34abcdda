import type { RunHandle } from "./carry-out-run.ts";

const WRITE_MILLISECONDS = 2_000;

/** Progress of one long step of a run. */
export interface StepProgress {
  /** Aborts with the caller's signal, and when the run is cancelled or in other hands: its reason is the error to end with. */
  readonly signal: AbortSignal;
  /** @param share of the step that is done, 0 to 1 */
  report(share: number): void;
  /** Waits for what is being written. @throws RunLost or RunCancelled where that was heard meanwhile */
  end(): Promise<void>;
}

/**
 * Writes how far a step is that answers one row after another, every two seconds at most. What a person asked of the run is heard by
 * that, too: a step of an hour is left at once.
 * @param range percentages of the run at which the step begins and ends
 * @param what names the step for people
 */
export function reportProgress(
  handle: RunHandle,
  {
    range: [from, to],
    what,
    signal,
    milliseconds = WRITE_MILLISECONDS,
  }: { range: readonly [number, number]; what: string; signal: AbortSignal; milliseconds?: number },
): StepProgress {
  const ending = new AbortController();
  let writing: Promise<void> | undefined;
  let written = performance.now();
  return {
    signal: AbortSignal.any([signal, ending.signal]),
    report: (share) => {
      if (writing !== undefined || ending.signal.aborted || performance.now() - written < milliseconds)
        return;
      const percentage = Math.round(from + (to - from) * Math.min(1, share));
      writing = handle
        .change(
          { progressPercentage: percentage },
          { type: "progress", data: { message: `${what}: ${Math.round(100 * share)} %` } },
        )
        .catch((error: unknown) => ending.abort(error))
        .finally(() => {
          writing = undefined;
          written = performance.now();
        });
    },
    end: async () => {
      await writing;
      ending.signal.throwIfAborted();
    },
  };
}
