import { readFileSync } from "node:fs";

type Row = readonly number[];

const file = new URL("../../golden/special-functions.json", import.meta.url);
const table = JSON.parse(readFileSync(file, "utf8")) as Record<string, readonly Row[]>;

/** Rows of arguments followed by the expected value or values; see golden/generate-special-functions.py. */
export function goldenRows(name: string): readonly Row[] {
  const rows = table[name];
  if (rows === undefined || rows.length === 0) throw new Error(`no golden rows for ${name}`);
  return rows;
}

/** |actual / expected - 1|; absolute where the expected value is 0. */
export function relativeError(actual: number, expected: number): number {
  if (actual === expected) return 0;
  return Math.abs(actual - expected) / (expected === 0 ? 1 : Math.abs(expected));
}
