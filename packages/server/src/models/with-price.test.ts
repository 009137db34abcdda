import { expect, it } from "vitest";
import { withPrice } from "./with-price.ts";

const request = { messages: [], temperature: 0, maxTokens: 1 };
const answer = { text: "a", promptTokens: 2_000, completionTokens: 100 };

it("adds what the tokens cost, unless the endpoint said what it cost", async () => {
  const price = { input: 0.5, output: 2 };
  const model = { prefill: "dear" as const, generate: async () => answer };
  const priced = withPrice(model, price);
  expect(await priced.generate(request)).toEqual({ ...answer, cost: 0.0012 });
  expect(priced.prefill).toBe("dear");
  const said = withPrice({ generate: async () => ({ ...answer, cost: 7 }) }, price);
  expect((await said.generate(request)).cost).toBe(7);
  expect(withPrice(model, undefined)).toBe(model);
});
