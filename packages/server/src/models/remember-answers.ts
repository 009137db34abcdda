import { createHash } from "node:crypto";
import type { GenerateRequest, GenerateResult, LanguageModel } from "@agent-learning/learning";

/** Answers that are kept: a few hundred bytes each. */
const MOST_ANSWERS = 10_000;

/**
 * The model with a memory: what it is asked again word for word at temperature 0 it is not asked a second time. For models that
 * answer the same prompt the same each time, whatever else they are doing. The search, the gate and the replay ask much that
 * traffic has asked before. Where more than `limit` answers are kept, the least recently used one goes.
 */
export function rememberAnswers(
  model: LanguageModel,
  { limit = MOST_ANSWERS }: { limit?: number } = {},
): LanguageModel & { readonly answers: Readonly<{ given: number; remembered: number }> } {
  const known = new Map<string, GenerateResult>();
  const answers = { given: 0, remembered: 0 };
  return {
    ...(model.prefill === undefined ? {} : { prefill: model.prefill }),
    answers,
    generate: async (request) => {
      request.signal?.throwIfAborted();
      if (request.temperature !== 0) return model.generate(request);
      const key = keyOf(request);
      const found = known.get(key);
      if (found !== undefined) {
        // A map keeps the order of insertion: the last one in is the last one out.
        known.delete(key);
        known.set(key, found);
        answers.remembered += 1;
        return { ...found };
      }
      const answer = await model.generate(request);
      answers.given += 1;
      known.set(key, answer);
      if (known.size > limit) known.delete(known.keys().next().value as string);
      return { ...answer };
    },
  };
}

function keyOf({ messages, maxTokens, stop = [] }: GenerateRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([maxTokens, stop, messages.map(({ role, content }) => [role, content])]))
    .digest("base64");
}
