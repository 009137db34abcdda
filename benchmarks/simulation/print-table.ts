import { rateInterval } from "./bars.ts";

/** Prints columns, the first to the left and all others to the right, each as wide as it needs to be. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, i) =>
        ((cells[i] ?? "") && i === 0 ? (cells[0] ?? "") : (cells[i] ?? ""))
          .padStart(i === 0 ? 0 : width)
          .padEnd(width),
      )
      .join("  ")
      .trimEnd();
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...rows]) {
    process.stdout.write(`${line(row)}\n`);
  }
}

export function percentOf(count: number, runs: number): string {
  return `${((100 * count) / runs).toFixed(2)} %`;
}

/** The exact 95 % interval of a rate. */
export function intervalOf(count: number, runs: number): string {
  const [lower, upper] = rateInterval(count, runs);
  return `${(100 * lower).toFixed(2)} to ${(100 * upper).toFixed(2)} %`;
}
