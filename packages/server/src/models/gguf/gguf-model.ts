import { availableParallelism } from "node:os";
import type { GenerateRequest, GenerateResult, LanguageModel } from "@agent-learning/learning";
import { textBeforeStop, withoutStopTokens, withoutThought } from "./answer-text.ts";
import { renderChat } from "./chat-prompt.ts";
import { checkModelFile } from "./check-model-file.ts";
import { generateTokens } from "./generate-tokens.ts";
import { type ChatWrapper, type LlamaModule, loadLlamaModule } from "./llama-module.ts";
import { type OpenedModel, openModel } from "./open-model.ts";
import { SequencePool } from "./sequence-pool.ts";
import { StepGate } from "./step-gate.ts";
import { untilAborted } from "./until-aborted.ts";

const PARALLEL = 4;
const CONTEXT_SIZE = 8192;

/** The prompt and the longest answer that it may get do not fit into the model's context. */
export class ContextOverflow extends Error {
  override name = "ContextOverflow";
}

export interface GgufOptions {
  /** Requests that are answered at the same time, in one batch; more wait. Each takes memory for a whole context. Default 4. */
  parallel?: number;
  /** Most tokens of prompt and answer together; default 8192, less where the model or the memory allows less. */
  contextSize?: number;
  /**
   * Default: all cores but one. Threads spin while they wait for each other, so one that must share its core with other work stalls
   * all of them: on two cores under load, two threads were twenty times slower than one; idle, they are nearly twice as fast.
   */
  threads?: number;
  /** A LoRA adapter as GGUF, made for this very model. */
  adapterPath?: string;
  /** Instead of the package node-llama-cpp: tests. */
  module?: LlamaModule;
}

export interface GgufModel extends LanguageModel {
  /** Tokens of all prompts so far, and how many of them had to be evaluated because no kept state had them. */
  readonly statistics: Readonly<{ promptTokens: number; evaluatedTokens: number }>;
  /** Ends what is running and frees the memory. */
  dispose(): Promise<void>;
}

/**
 * A language model from a GGUF file, on the CPU. Requests that come at the same time are evaluated in one batch, and a prefix that
 * they share with each other or with earlier ones is evaluated once, whatever `batch` says: tokens are compared. At
 * temperature 0 the answer is the likeliest token each time, without penalties.
 * @throws Error that says in one sentence what to do: no package, no file, no GGUF, no memory
 */
export async function ggufModel(path: string, options: GgufOptions = {}): Promise<GgufModel> {
  await checkModelFile(path);
  if (options.adapterPath !== undefined) await checkModelFile(options.adapterPath);
  const module = options.module ?? (await loadLlamaModule());
  const parallel = options.parallel ?? PARALLEL;
  const opened = await openModel({
    module,
    path,
    contextSize: options.contextSize ?? CONTEXT_SIZE,
    // One more than answers: it holds a prefix while all others work on variants of it.
    sequences: parallel + 1,
    adapterPath: options.adapterPath,
    threads: options.threads ?? Math.max(1, availableParallelism() - 1),
  });
  return createGgufModel({ ...opened, wrapper: module.resolveChatWrapper(opened.model), path, parallel });
}

function createGgufModel({
  llama,
  model,
  context,
  wrapper,
  path,
  parallel,
}: OpenedModel & { wrapper: ChatWrapper; path: string; parallel: number }): GgufModel {
  const sequences = Array.from({ length: parallel + 1 }, () => context.getSequence());
  const pool = new SequencePool(sequences, parallel);
  const gate = new StepGate();
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const statistics = { promptTokens: 0, evaluatedTokens: 0 };
  let closed: Promise<void> | undefined;
  // The library gives room for one token less than it says.
  const room = context.contextSize - 1;

  const answer = async (request: GenerateRequest, signal: AbortSignal): Promise<GenerateResult> => {
    const { temperature, maxTokens, stop = [] } = request;
    const prompt = renderChat(request.messages, wrapper, model);
    if (prompt.tokens.length + maxTokens > room) {
      throw new ContextOverflow(
        `The prompt has ${prompt.tokens.length} tokens and the answer may have ${maxTokens}, but ${path} has room for ${room}: show fewer demonstrations or ask for a shorter answer.`,
      );
    }
    const lease = await pool.lease(prompt.tokens, signal);
    try {
      const { tokens, evaluated } = await generateTokens({
        kept: lease.kept,
        prompt: prompt.tokens,
        chunk: context.batchSize,
        temperature,
        maxTokens,
        gate,
        signal,
        onPromptEvaluated: lease.markEvaluated,
        isEnd: (generated) =>
          withoutStopTokens(generated, prompt.stops) !== undefined ||
          (stop.length > 0 && textBeforeStop(model.detokenize(generated), stop) !== undefined),
      });
      statistics.promptTokens += prompt.tokens.length;
      statistics.evaluatedTokens += evaluated;
      const text = withoutThought(
        model.detokenize(withoutStopTokens(tokens, prompt.stops) ?? tokens),
        wrapper,
      );
      return {
        text: textBeforeStop(text, stop) ?? text,
        promptTokens: prompt.tokens.length,
        completionTokens: tokens.length,
      };
    } finally {
      lease.release();
    }
  };

  return {
    prefill: "dear",
    statistics,
    generate: async (request) => {
      const signal =
        request.signal === undefined ? closing.signal : AbortSignal.any([request.signal, closing.signal]);
      signal.throwIfAborted();
      const work = answer(request, signal);
      running.add(work);
      const ended = (): boolean => running.delete(work);
      work.then(ended, ended);
      return await untilAborted(work, signal);
    },
    dispose: () => {
      closed ??= (async () => {
        closing.abort(new Error(`The model ${path} was closed.`));
        await Promise.allSettled(running);
        await context.dispose();
        await model.dispose();
        await llama.dispose();
      })();
      return closed;
    },
  };
}
