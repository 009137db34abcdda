import type { KeptSequence } from "./kept-sequence.ts";
import type { Token } from "./llama-module.ts";
import type { StepGate } from "./step-gate.ts";

export interface GenerateTokensOptions {
  kept: KeptSequence;
  prompt: readonly Token[];
  /** Most prompt tokens in one step: how long an abort or another's step may have to wait. */
  chunk: number;
  temperature: number;
  maxTokens: number;
  gate: StepGate;
  signal: AbortSignal;
  /** Called when the whole prompt is evaluated. */
  onPromptEvaluated: () => void;
  /** True ends the answer after these tokens. */
  isEnd: (generated: readonly Token[]) => boolean;
}

export interface GeneratedTokens {
  tokens: Token[];
  /** Tokens of the prompt whose state was not there already. */
  evaluated: number;
}

/** Evaluates what of the prompt the sequence does not hold, then generates until the model, `isEnd` or `maxTokens` ends it. */
export async function generateTokens(options: GenerateTokensOptions): Promise<GeneratedTokens> {
  const { kept, prompt, chunk, gate, signal } = options;
  const { sequence } = kept;
  gate.enter();
  try {
    const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      await gate.step();
      signal.throwIfAborted();
      return await kept.alone(work);
    };
    // The last token is evaluated in any case: what follows it is not kept.
    await kept.alone(() => sequence.adaptStateToTokens(prompt.slice(0, -1), false));
    let position = sequence.nextTokenIndex;
    const evaluated = prompt.length - position;
    for (; prompt.length - position > chunk; position += chunk) {
      const part = prompt.slice(position, position + chunk);
      await step(() => sequence.evaluateWithoutGeneratingNewTokens(part));
    }
    const following = sequence.evaluate(prompt.slice(position), { temperature: options.temperature });
    const tokens: Token[] = [];
    try {
      while (tokens.length < options.maxTokens) {
        const { done, value } = await step(() => following.next());
        if (tokens.length === 0) options.onPromptEvaluated();
        if (done === true) break;
        tokens.push(value);
        if (options.isEnd(tokens)) break;
      }
    } finally {
      await following.return();
    }
    return { tokens, evaluated };
  } catch (error) {
    // After a step that failed nobody knows what the state holds; an abort comes between steps.
    if (!signal.aborted) await kept.alone(() => sequence.clearHistory()).catch(() => undefined);
    throw error;
  } finally {
    gate.leave();
  }
}
