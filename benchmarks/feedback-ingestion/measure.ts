/** What a phase came to. */
export interface Rate {
  rowsPerSecond: number;
  /** Milliseconds from call to answer. */
  p50: number;
  p99: number;
}

/** Lets `clients` call one after another, each as soon as its last call was answered, for so many milliseconds. */
export async function measure(
  clients: number,
  milliseconds: number,
  rowsPerCall: number,
  call: (client: number) => Promise<void>,
): Promise<Rate> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + milliseconds;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let now = performance.now(); now < end;) {
        await call(client);
        const after = performance.now();
        latencies.push(after - now);
        now = after;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return { rowsPerSecond: (latencies.length * rowsPerCall) / seconds, p50: at(0.5), p99: at(0.99) };
}
