import type { LanguageModel } from "@agent-learning/learning";

/** What a million tokens cost, in whatever currency the budgets are in. */
export interface ModelPrice {
  input: number;
  output: number;
}

/** The model with the cost of each answer, where its endpoint names none itself. */
export function withPrice(model: LanguageModel, price: ModelPrice | undefined): LanguageModel {
  if (price === undefined) return model;
  return {
    ...(model.prefill === undefined ? {} : { prefill: model.prefill }),
    generate: async (request) => {
      const answer = await model.generate(request);
      const cost = (answer.promptTokens * price.input + answer.completionTokens * price.output) / 1e6;
      return { cost, ...answer };
    },
  };
}
