import { describe, expect, it } from "vitest";
import { renderChat } from "./chat-prompt.ts";
import type { ChatWrapper, LlamaModel } from "./llama-module.ts";

const START = 1;
const text = (tokens: number[]): { tokenize: () => number[]; toString: () => string } => ({
  tokenize: () => tokens,
  toString: () => "",
});
const render = (tokens: number[], special?: LlamaModel["tokens"]): number[] => {
  const wrapper: ChatWrapper = {
    settings: {},
    generateContextState: () => ({ contextText: text(tokens), stopGenerationTriggers: [] }),
  };
  const model = { tokenizer: {}, tokens: special } as LlamaModel;
  return renderChat([{ role: "user", content: "Hello" }], wrapper, model).tokens;
};

describe("renderChat", () => {
  it("begins with one start token where the model wants none before what opens the first message", () => {
    const special = { bos: START, shouldPrependBosToken: false };
    expect(render([START, START, 7, 8], special)).toEqual([START, 7, 8]);
    expect(render([START, 7, START, 8], special)).toEqual([START, 7, START, 8]);
  });

  it("leaves alone what a model wants before every text", () => {
    expect(render([START, START, 7], { bos: START, shouldPrependBosToken: true })).toEqual([START, START, 7]);
    expect(render([7, 7], { bos: null, shouldPrependBosToken: false })).toEqual([7, 7]);
    expect(render([7, 7])).toEqual([7, 7]);
  });
});
