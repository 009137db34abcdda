import type { ChatMessage, GenerateRequest, LanguageModel } from "../ports.ts";
import type { CompletionJournal } from "./completion-journal.ts";
import { estimatePromptTokens } from "./estimate-tokens.ts";
import type { Ledger } from "./ledger.ts";

export interface ProposerOptions {
  model: LanguageModel;
  journal: CompletionJournal;
  signal?: AbortSignal | undefined;
  /** Longest proposal, in tokens. */
  maxTokens?: number;
  temperature?: number;
}

export type Propose = (messages: readonly ChatMessage[], ledger: Ledger) => Promise<string>;

/** Asks the proposer, counted in the ledger and kept in the journal. A failed call throws what the model threw. */
export function createProposer({
  model,
  journal,
  signal,
  maxTokens = 1024,
  temperature = 0.8,
}: ProposerOptions): Propose {
  return async (messages, ledger) => {
    signal?.throwIfAborted();
    const request: GenerateRequest = {
      messages,
      temperature,
      maxTokens,
      ...(signal ? { signal } : {}),
    };
    const reservation = ledger.reserve("proposer", estimatePromptTokens(messages) + maxTokens);
    const key = journal.nextKey(request);
    try {
      const result = journal.get(key) ?? (await model.generate(request));
      journal.put(key, result);
      reservation.settle(result);
      return result.text;
    } catch (error) {
      reservation.fail();
      signal?.throwIfAborted();
      throw error;
    }
  };
}
