import { type Candidate, candidateHash } from "../candidate.ts";
import type { EvaluatedRow } from "../evaluation-cache.ts";

/** What kind of candidate a trial is: candidates of one family are expected to score alike. */
export interface Family {
  /** How its demonstrations were chosen, or "instruction". */
  selection: string;
  /** Demonstrations shown (or kept, for the built-in agent). */
  size: number;
}

export interface Trial {
  hash: string;
  candidate: Candidate;
  family: Family;
  /** The optimizer that made it; "seed" for the seed. */
  origin: string;
  /** Estimated prompt tokens of one request. */
  promptTokens: number;
  /** Scores by row id; failed calls are not among them. */
  scores: ReadonlyMap<string, number>;
  /** The last answer to each row, for reflection. */
  answers: ReadonlyMap<string, EvaluatedRow>;
}

interface OpenTrial extends Trial {
  scores: Map<string, number>;
  answers: Map<string, EvaluatedRow>;
}

export interface NewTrial {
  candidate: Candidate;
  family: Family;
  origin: string;
  promptTokens: number;
}

/** All candidates that were tried, with what each scored on which row. */
export class TrialBook {
  readonly #trials = new Map<string, OpenTrial>();

  /** Adds a candidate; the trial that exists already when an equal candidate was added before. */
  add({ candidate, family, origin, promptTokens }: NewTrial): Trial {
    const hash = candidateHash(candidate);
    const existing = this.#trials.get(hash);
    if (existing) return existing;
    const trial = {
      hash,
      candidate,
      family,
      origin,
      promptTokens,
      scores: new Map<string, number>(),
      answers: new Map<string, EvaluatedRow>(),
    };
    this.#trials.set(hash, trial);
    return trial;
  }

  has(candidate: Candidate): boolean {
    return this.#trials.has(candidateHash(candidate));
  }

  /** Notes the scores of a trial of this book. */
  record({ hash }: Trial, rows: readonly EvaluatedRow[]): void {
    const trial = this.#trials.get(hash);
    if (!trial) throw new Error("Add a candidate to the book before recording its scores");
    for (const row of rows) {
      if (row.failure !== undefined) continue;
      trial.scores.set(row.rowId, row.score);
      trial.answers.set(row.rowId, row);
    }
  }

  /** In order of addition; the seed is first. */
  trials(): Trial[] {
    return [...this.#trials.values()];
  }

  /** The first trial. */
  seed(): Trial {
    const seed = this.#trials.values().next().value;
    if (!seed) throw new Error("The book is empty");
    return seed;
  }
}
