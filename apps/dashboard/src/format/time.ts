const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
});
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** `28 Nov 2026, 18:25:57` in the reader's zone. */
export function exactTime(time: string): string {
  return exact.format(new Date(time));
}

/** `28 Nov` */
export function shortDay(milliseconds: number): string {
  return dayFormat.format(new Date(milliseconds));
}

/** A span as its two largest units: `2 d 4 h`, `35 min`. */
export function duration(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return `${Math.round(span / 1_000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < DAY) return join(Math.floor(span / HOUR), "h", Math.floor((span % HOUR) / MINUTE), "min");
  return join(Math.floor(span / DAY), "d", Math.floor((span % DAY) / HOUR), "h");
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `3 min ago`, `16 d ago`, and, because a countdown wants more, `in 2 d 4 h`; `just now` within ten seconds. */
export function relativeTime(time: string, now: number): string {
  const ahead = new Date(time).getTime() - now;
  if (Math.abs(ahead) < 10_000) return "just now";
  const span = duration(Math.abs(ahead));
  return ahead < 0 ? `${span.split(" ").slice(0, 2).join(" ")} ago` : `in ${span}`;
}
