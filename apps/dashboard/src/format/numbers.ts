const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Stands for what was not measured. */
export const NOTHING = "–";

/** `12,345` */
export function count(value: number): string {
  return whole.format(value);
}

/** `12.3K` from 10,000 on. */
export function compactCount(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value);
}

/** A share of 0 to 1 as `12.3 %`. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? NOTHING : `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** A difference of shares with its sign, in percentage points: `+3.1`. */
export function points(difference: number, digits = 1): string {
  return `${difference >= 0 ? "+" : "−"}${Math.abs(difference * 100).toFixed(digits)}`;
}

/** A number with its sign: `+0.42`. */
export function signed(value: number, digits = 2): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(digits)}`;
}

export function decimal(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined ? NOTHING : value.toFixed(digits);
}

/** `420 ms`, `1.4 s`. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

/** `1 vote`, `2 votes`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
