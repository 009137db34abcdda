import { contentHash } from "../json.ts";
import type { GenerateRequest, GenerateResult } from "../ports.ts";

export interface JournalEntry {
  key: string;
  result: GenerateResult;
}

/**
 * What the proposer answered, in order, so that a resumed run hears the same answers without asking again. The key is
 * the request and how often it was made before.
 */
export class CompletionJournal {
  readonly #results = new Map<string, GenerateResult>();
  readonly #asked = new Map<string, number>();

  static restore(entries: readonly JournalEntry[]): CompletionJournal {
    const journal = new CompletionJournal();
    for (const { key, result } of entries) journal.#results.set(key, result);
    return journal;
  }

  /** The key of this request, made now. */
  nextKey({ messages, temperature, maxTokens, stop }: GenerateRequest): string {
    const request = contentHash({ messages, temperature, maxTokens, stop });
    const occurrence = this.#asked.get(request) ?? 0;
    this.#asked.set(request, occurrence + 1);
    return `${request}:${occurrence}`;
  }

  get(key: string): GenerateResult | undefined {
    return this.#results.get(key);
  }

  put(key: string, result: GenerateResult): void {
    this.#results.set(key, result);
  }

  toJSON(): JournalEntry[] {
    return [...this.#results].map(([key, result]) => ({ key, result }));
  }
}
