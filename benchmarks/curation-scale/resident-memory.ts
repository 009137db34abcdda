/** Follows this process's resident memory while something runs. */
export async function withPeakMemory<T>(
  work: () => Promise<T>,
): Promise<{ result: T; seconds: number; startMiB: number; peakMiB: number }> {
  const mebibytes = (): number => Math.round(process.memoryUsage.rss() / 1024 ** 2);
  const startMiB = mebibytes();
  let peakMiB = startMiB;
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, mebibytes());
  }, 100);
  const begin = performance.now();
  try {
    const result = await work();
    peakMiB = Math.max(peakMiB, mebibytes());
    return { result, seconds: (performance.now() - begin) / 1000, startMiB, peakMiB };
  } finally {
    clearInterval(timer);
  }
}
