import type { Decision } from "@agent-learning/contract";

interface Tally {
  count: number;
  sum: number;
}

/** Mean quality of annotations with one decision over a number of days, followed from the first annotation to the last. */
export class RollingMeans {
  readonly #days: number;
  readonly #tallies = new Map<string, Tally>();

  /** @param days that a mean looks back, its own day included */
  constructor(days: number) {
    this.#days = days;
  }

  /** @param day as `YYYY-MM-DD`, never before one that was added */
  add(decision: Decision, day: string, quality: number): void {
    const key = `${decision} ${day}`;
    const tally = this.#tallies.get(key) ?? { count: 0, sum: 0 };
    this.#tallies.set(key, { count: tally.count + 1, sum: tally.sum + quality });
    this.#forget(day);
  }

  /** The mean on a day; null where nothing was said in the days before it. */
  mean(decision: Decision, day: string): number | null {
    this.#forget(day);
    let [count, sum] = [0, 0];
    for (const [key, tally] of this.#tallies) {
      if (!key.startsWith(`${decision} `)) continue;
      count += tally.count;
      sum += tally.sum;
    }
    return count === 0 ? null : sum / count;
  }

  #forget(day: string): void {
    const first = new Date(Date.parse(day) - (this.#days - 1) * 86_400_000).toISOString().slice(0, 10);
    for (const key of this.#tallies.keys()) {
      if ((key.split(" ")[1] ?? "") >= first) return;
      this.#tallies.delete(key);
    }
  }
}
