import type { Tally } from "./counters.ts";

/** The daily counters of a period, to be asked by metric. */
export class CounterSeries {
  readonly #totals = new Map<string, Tally>();
  readonly #days = new Map<string, Tally>();

  constructor(counters: readonly (Tally & { day: string; metric: string })[]) {
    for (const { day, metric, ...tally } of counters) {
      this.#days.set(`${day} ${metric}`, tally);
      const total = this.#totals.get(metric) ?? { count: 0, sum: 0, sumSquares: 0 };
      total.count += tally.count;
      total.sum += tally.sum;
      total.sumSquares += tally.sumSquares;
      this.#totals.set(metric, total);
    }
  }

  /** How often, in the period or on one of its days. */
  count(metric: string, day?: string): number {
    return this.#find(metric, day)?.count ?? 0;
  }

  /** Mean of the values; null without any. */
  mean(metric: string, day?: string): number | null {
    const tally = this.#find(metric, day);
    return tally === undefined || tally.count === 0 ? null : tally.sum / tally.count;
  }

  /** What follows `prefix` in the metrics that were counted at least once, with their counts. */
  counts(prefix: string): Record<string, number> {
    const found = [...this.#totals].filter(([metric, tally]) => metric.startsWith(prefix) && tally.count > 0);
    return Object.fromEntries(found.map(([metric, tally]) => [metric.slice(prefix.length), tally.count]));
  }

  #find(metric: string, day: string | undefined): Tally | undefined {
    return day === undefined ? this.#totals.get(metric) : this.#days.get(`${day} ${metric}`);
  }
}

/** A share, or null of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The days from one to another, both included: `YYYY-MM-DD`. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}
