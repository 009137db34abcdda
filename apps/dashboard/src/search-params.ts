/** One of a few words; anything else is as if it were not there. */
export function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value);
}

/** Any text that is not empty; the router reads numbers out of addresses where it can. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** A number of days that the server takes. */
export function daysOf(value: unknown, most = 365): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most
    ? value
    : undefined;
}

/** Leaves out what is undefined, so that addresses stay short. */
export function compact<T extends object>(values: T): { [K in keyof T]?: T[K] | undefined } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
