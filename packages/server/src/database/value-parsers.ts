// Both engines must hand out the same JavaScript values, whatever their drivers' defaults.
const BYTEA = 17;
const INT8 = 20;
const NUMERIC = 1700;
const DATE = 1082;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

/** PostgreSQL type id → parser: bigint and numeric become numbers, dates stay `YYYY-MM-DD`, bytea becomes a Buffer. */
export const valueParsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [BYTEA, (text: string): Buffer => Buffer.from(text.slice(2), "hex")],
  [INT8, safeInteger],
  [NUMERIC, Number],
  [DATE, (text: string): string => text],
]);
