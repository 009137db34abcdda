import { type CpuTime, cpuBetween } from "./cpu-time.ts";

/** What a phase came to. */
export interface Rate {
  rowsPerSecond: number;
  /** Milliseconds from call to answer. */
  p50: number;
  p99: number;
  /** CPU microseconds for a row, by party. */
  cpu: { client: number; server: number; database: number };
}

/** Lets `clients` call one after another, each as soon as its last call was answered, for so many milliseconds. */
export async function measure(
  clients: number,
  milliseconds: number,
  rowsPerCall: number,
  call: (client: number) => Promise<void>,
  readCpu: () => Promise<CpuTime>,
): Promise<Rate> {
  const before = await readCpu();
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
  const after = await readCpu();
  const rows = latencies.length * rowsPerCall;
  const used = cpuBetween(before, after);
  const perRow = (party: keyof typeof used): number => (used[party] * 1_000) / rows;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return {
    rowsPerSecond: rows / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpu: { client: perRow("client"), server: perRow("server"), database: perRow("database") },
  };
}
