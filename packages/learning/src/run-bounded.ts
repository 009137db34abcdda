export interface RunBoundedOptions<Item, Result> {
  items: readonly Item[];
  /** Most items at work at one time. */
  concurrency: number;
  run: (item: Item, index: number) => Promise<Result>;
  signal?: AbortSignal | undefined;
  /** Called after each item, in order of completion. */
  onDone?: ((progress: { done: number; total: number; index: number }) => void) | undefined;
}

/** Items between two breaks in which the event loop may do other work. */
const BREAK_EVERY = 64;

/**
 * Runs `run` over the items with bounded concurrency; results come back in the order of the items. After the first
 * error, or when the signal aborts, no further item starts, the items at work are awaited, and the error is thrown.
 */
export async function runBounded<Item, Result>({
  items,
  concurrency,
  run,
  signal,
  onDone,
}: RunBoundedOptions<Item, Result>): Promise<Result[]> {
  if (!(concurrency >= 1)) throw new RangeError("concurrency must be at least 1");
  const results = Array.from<Result>({ length: items.length });
  let next = 0;
  let done = 0;
  let failure: { error: unknown } | undefined;

  const work = async (): Promise<void> => {
    while (next < items.length && !failure) {
      const index = next;
      next += 1;
      try {
        signal?.throwIfAborted();
        results[index] = await run(items[index] as Item, index);
        done += 1;
        onDone?.({ done, total: items.length, index });
        if (done % BREAK_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  if (failure) throw failure.error;
  return results;
}
