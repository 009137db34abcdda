import type { ChatHistoryItem, LlamaModule, LlamaSequence, LlamaText, Token } from "./llama-module.ts";

/** Ends a turn, as the special token of a real vocabulary. */
export const END = 0;

export interface FakeLlama {
  module: LlamaModule;
  /** What happened, in order. */
  log: string[];
  /** For each step of the context: the number of tokens of each sequence in it. */
  batches: number[][];
  /** Tokens evaluated, prompts and answers together. */
  evaluated(): number;
  disposed: string[];
}

export interface FakeLlamaOptions {
  /** The answer to a prompt, by its text. Default: the last message in capitals. */
  answer?: (prompt: string) => string;
  contextSize?: number;
  batchSize?: number;
  canCopy?: boolean;
  /** Fails a step whose sequence would then hold this text. */
  failAt?: string;
  settings?: ReturnType<LlamaModule["resolveChatWrapper"]>["settings"];
}

/**
 * Stands in for node-llama-cpp: a token is a UTF-16 unit, all steps queued in one turn of the event loop are one batch, and the
 * "model" answers by a function of the text that its state holds, so a state that was mixed up shows in the answer.
 */
export function fakeLlama(options: FakeLlamaOptions = {}): FakeLlama {
  const { contextSize = 4096, batchSize = 64, canCopy = true, settings = {} } = options;
  const answer = options.answer ?? ((prompt: string) => lastMessage(prompt).toUpperCase());
  const fake: Omit<FakeLlama, "module" | "evaluated"> = { log: [], batches: [], disposed: [] };
  let queue: { tokens: number; run: () => void }[] = [];

  const decode = (name: string, tokens: readonly Token[], state: Token[]): Promise<void> =>
    new Promise((resolve, reject) => {
      queue.push({
        tokens: tokens.length,
        run: () => {
          if (tokens.length > batchSize) return reject(new Error("more tokens than a batch holds"));
          state.push(...tokens);
          fake.log.push(`${name} evaluates ${tokens.length}`);
          const failing = options.failAt !== undefined && toText(state).includes(options.failAt);
          if (failing) reject(new Error("decode failed"));
          else resolve();
        },
      });
      if (queue.length === 1) setImmediate(dispatch);
    });
  const dispatch = (): void => {
    const batch = queue;
    queue = [];
    fake.batches.push(batch.map((entry) => entry.tokens));
    for (const entry of batch) entry.run();
  };

  const createSequence = (name: string): LlamaSequence => {
    const state: Token[] = [];
    const sequence: LlamaSequence = {
      get contextTokens() {
        return [...state];
      },
      get nextTokenIndex() {
        return state.length;
      },
      adaptStateToTokens: async (tokens) => {
        const different = state.findIndex((token, index) => token !== tokens[index]);
        if (different >= 0) state.length = different;
      },
      clearHistory: async () => {
        fake.log.push(`${name} clears`);
        state.length = 0;
      },
      evaluateWithoutGeneratingNewTokens: (tokens) => decode(name, tokens, state),
      async *evaluate(tokens) {
        await decode(name, tokens, state);
        const text = answer(toText(state));
        for (const token of toTokens(text)) {
          yield token;
          await decode(name, [token], state);
        }
      },
    };
    if (canCopy) {
      sequence._copyStateFromOtherSequence = async (other, upTo) => {
        state.splice(0, state.length, ...other.contextTokens.slice(0, upTo));
        fake.log.push(`${name} copies ${upTo}`);
        return state.length === upTo;
      };
    }
    return sequence;
  };

  const module: LlamaModule = {
    getLlama: async () => ({
      loadModel: async () => ({
        tokenizer: {},
        detokenize: toText,
        // It answers; embedding is another fake's.
        tokenize: () => [],
        createEmbeddingContext: () => Promise.reject(new Error("this fake does not embed")),
        createContext: async ({ contextSize: { max } }) => {
          let sequences = 0;
          return {
            contextSize: Math.min(max, contextSize),
            batchSize,
            getSequence: () => {
              sequences += 1;
              return createSequence(`s${sequences}`);
            },
            dispose: async () => void fake.disposed.push("context"),
          };
        },
        dispose: async () => void fake.disposed.push("model"),
      }),
      dispose: async () => void fake.disposed.push("llama"),
    }),
    resolveChatWrapper: () => ({
      settings,
      generateContextState: ({ chatHistory }) => ({
        contextText: text(chatHistory.map(renderItem).join("")),
        stopGenerationTriggers: [text(String.fromCharCode(END)), text("")],
      }),
    }),
  };
  return { ...fake, module, evaluated: () => fake.batches.flat().reduce((sum, tokens) => sum + tokens, 0) };
}

/** The text of the last message in a rendered prompt. */
export function lastMessage(prompt: string): string {
  return /.*user:(.*)\nmodel:$/s.exec(prompt)?.[1] ?? "";
}

function renderItem(item: ChatHistoryItem): string {
  if (item.type !== "model") return `${item.type}:${item.text}\n`;
  return item.response.length === 0 ? "model:" : `model:${item.response.join("")}\n`;
}

function text(content: string): LlamaText {
  return { tokenize: () => toTokens(content), toString: () => content };
}

function toTokens(content: string): Token[] {
  return Array.from({ length: content.length }, (_, index) => content.charCodeAt(index));
}

function toText(tokens: readonly Token[]): string {
  return String.fromCharCode(...tokens);
}
