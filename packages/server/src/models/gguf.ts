import type { LanguageModel, ChatMessage } from "@agent-learning/learning";

// The parts of node-llama-cpp that are used here. It is an optional peer: its types may not be installed.
interface ChatSession {
  setChatHistory(history: unknown[]): void;
  prompt(
    text: string,
    options: {
      temperature: number;
      maxTokens: number;
      signal?: AbortSignal | undefined;
      customStopTriggers?: readonly string[];
    },
  ): Promise<string>;
}
interface Sequence {
  tokenMeter: { usedInputTokens: number; usedOutputTokens: number };
}
interface LlamaModule {
  getLlama(options: { build: "never"; gpu: false; logLevel?: string }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      createContext(options: { contextSize: number | { max: number }; sequences: number }): Promise<{
        getSequence(): Sequence;
        dispose(): Promise<void>;
      }>;
      dispose(): Promise<void>;
    }>;
    dispose(): Promise<void>;
  }>;
  LlamaChatSession: new (options: { contextSequence: Sequence }) => ChatSession;
}

async function loadModule(): Promise<LlamaModule> {
  const name = "node-llama-cpp";
  try {
    return (await import(name)) as LlamaModule;
  } catch (error) {
    throw new Error(
      "A GGUF model needs the optional package node-llama-cpp: `npm install --no-save node-llama-cpp@3.22.1`, then start again.",
      { cause: error },
    );
  }
}

function toHistory(messages: readonly ChatMessage[]): unknown[] {
  return messages.map((message) =>
    message.role === "assistant"
      ? { type: "model", response: [message.content] }
      : { type: message.role, text: message.content },
  );
}

/** A language model from a GGUF file, on the CPU. Calls run one after another; a shared prefix keeps its state. */
export async function ggufModel(path: string): Promise<LanguageModel & { dispose(): Promise<void> }> {
  const module = await loadModule();
  const llama = await module.getLlama({ build: "never", gpu: false, logLevel: "error" });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: { max: 8192 }, sequences: 1 });
  const sequence = context.getSequence();
  const session = new module.LlamaChatSession({ contextSequence: sequence });
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  return {
    generate: (request) =>
      inTurn(async () => {
        request.signal?.throwIfAborted();
        const last = request.messages.at(-1);
        if (last?.role !== "user") throw new Error("the last message must be the user's");
        session.setChatHistory(toHistory(request.messages.slice(0, -1)));
        const before = {
          input: sequence.tokenMeter.usedInputTokens,
          output: sequence.tokenMeter.usedOutputTokens,
        };
        const text = await session.prompt(last.content, {
          temperature: request.temperature,
          maxTokens: request.maxTokens,
          signal: request.signal,
          ...(request.stop === undefined ? {} : { customStopTriggers: request.stop }),
        });
        return {
          text,
          promptTokens: sequence.tokenMeter.usedInputTokens - before.input,
          completionTokens: sequence.tokenMeter.usedOutputTokens - before.output,
        };
      }),
    dispose: async () => {
      await tail;
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}
