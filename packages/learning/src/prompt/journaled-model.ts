import type { GenerateResult, LanguageModel } from "../ports.ts";
import type { CompletionJournal } from "./completion-journal.ts";

export interface JournaledModelOptions {
  model: LanguageModel;
  journal: CompletionJournal;
  /** Called after each answer of the model itself, before whoever asked gets it: what it does is waited for. */
  onAnswer?: () => Promise<void>;
}

/**
 * The model, whose answers are kept: work that is begun again with the same journal hears the same answers, and asks on from there. A
 * call that failed is made again.
 */
export function journaledModel({ model, journal, onAnswer }: JournaledModelOptions): LanguageModel {
  return {
    ...(model.prefill === undefined ? {} : { prefill: model.prefill }),
    generate: async (request) => {
      const key = journal.nextKey(request);
      const known = journal.get(key);
      if (known !== undefined) return known;
      const answer: GenerateResult = await model.generate(request);
      journal.put(key, answer);
      await onAnswer?.();
      return answer;
    },
  };
}
