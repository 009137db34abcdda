import type { Usage } from "./ledger.ts";

/** One row answered by a candidate and scored. */
export interface EvaluatedRow {
  rowId: string;
  output: string;
  /** 0 to 1. */
  score: number;
  feedback: string;
  objectives: Record<string, number>;
  usage: Usage;
  /** Why there is no answer; the score is then 0 and says nothing about the candidate. */
  failure?: string;
}

export interface CachedEvaluation {
  candidate: string;
  evaluated: EvaluatedRow;
}

/** What the cache knows of a row. `charge` = it comes from before a restart and this run has not counted it yet. */
export interface CacheHit {
  evaluated: EvaluatedRow;
  charge: boolean;
}

/**
 * Evaluations by (candidate hash, row id). Its JSON form is what a resumed run starts from: entries that come from it
 * are handed out with `charge` the first time, so that a resumed ledger counts what the first run counted.
 */
export class EvaluationCache {
  readonly #entries = new Map<string, CachedEvaluation & { restored: boolean; durable: boolean }>();

  static restore(entries: readonly CachedEvaluation[]): EvaluationCache {
    const cache = new EvaluationCache();
    for (const { candidate, evaluated } of entries) {
      cache.#entries.set(key(candidate, evaluated.rowId), {
        candidate,
        evaluated,
        restored: true,
        durable: true,
      });
    }
    return cache;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(candidate: string, rowId: string): boolean {
    return this.#entries.has(key(candidate, rowId));
  }

  /** The entry, marked as counted; undefined when there is none. */
  claim(candidate: string, rowId: string): CacheHit | undefined {
    const entry = this.#entries.get(key(candidate, rowId));
    if (!entry) return undefined;
    const charge = entry.restored;
    entry.restored = false;
    return { evaluated: entry.evaluated, charge };
  }

  /** True when the entry exists and its calls are not counted in this run yet. */
  isUncounted(candidate: string, rowId: string): boolean {
    return this.#entries.get(key(candidate, rowId))?.restored ?? false;
  }

  /** `durable: false` keeps the entry out of the JSON form: computing it again is cheap and gives the same. */
  put(candidate: string, evaluated: EvaluatedRow, { durable }: { durable: boolean }): void {
    this.#entries.set(key(candidate, evaluated.rowId), { candidate, evaluated, restored: false, durable });
  }

  toJSON(): CachedEvaluation[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.durable)
      .map(({ candidate, evaluated }) => ({ candidate, evaluated }));
  }
}

function key(candidate: string, rowId: string): string {
  return `${candidate}:${rowId}`;
}
