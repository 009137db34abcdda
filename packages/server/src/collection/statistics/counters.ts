/** What is added to one counter: how many, their sum, the sum of their squares. */
export interface Tally {
  count: number;
  sum: number;
  sumSquares: number;
}

/** Counters by metric. */
export type Counters = ReadonlyMap<string, Tally>;

/** One row to fold into `agent_daily_statistics`. */
export interface CounterDelta extends Tally {
  agentId: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  metric: string;
}

/** Counts occurrences and sums values under metric names. */
export class CounterBuilder {
  readonly #tallies = new Map<string, Tally>();

  /** One occurrence, without a value. */
  count(metric: string): this {
    return this.value(metric, 0);
  }

  /** One occurrence with a value. */
  value(metric: string, value: number): this {
    const tally = this.#tallies.get(metric) ?? { count: 0, sum: 0, sumSquares: 0 };
    tally.count += 1;
    tally.sum += value;
    tally.sumSquares += value * value;
    this.#tallies.set(metric, tally);
    return this;
  }

  build(): Counters {
    return this.#tallies;
  }
}

/** The day, in UTC, whose counters a row belongs to. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** Gathers what a transaction changes, so that each counter is written once. */
export class CounterLedger {
  readonly #deltas = new Map<string, CounterDelta>();

  /** Adds the counters of one row; `sign` -1 takes them back. */
  add(agentId: string, day: string, counters: Counters, sign: 1 | -1 = 1): this {
    for (const [metric, tally] of counters) {
      const key = `${agentId} ${day} ${metric}`;
      const delta = this.#deltas.get(key) ?? { agentId, day, metric, count: 0, sum: 0, sumSquares: 0 };
      delta.count += sign * tally.count;
      delta.sum += sign * tally.sum;
      delta.sumSquares += sign * tally.sumSquares;
      this.#deltas.set(key, delta);
    }
    return this;
  }

  /** What is not zero, in the order in which every transaction takes the rows: no deadlock between two. */
  deltas(): CounterDelta[] {
    return [...this.#deltas.entries()]
      .filter(([, delta]) => delta.count !== 0 || delta.sum !== 0 || delta.sumSquares !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, delta]) => delta);
  }
}
