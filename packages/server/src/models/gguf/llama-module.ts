import { ConfigError } from "../../config.ts";

/** A token of the model's vocabulary. */
export type Token = number;

// What is used of node-llama-cpp 3.22.1. It is an optional peer: its own types may not be installed.

export interface LlamaText {
  tokenize(tokenizer: LlamaTokenizer): Token[];
  toString(): string;
}

/** Opaque: what `LlamaText.tokenize` wants. */
export type LlamaTokenizer = object;

export type ChatHistoryItem =
  | { type: "system"; text: string }
  | { type: "user"; text: string }
  | { type: "model"; response: string[] };

export interface ChatWrapper {
  readonly settings: {
    readonly segments?: {
      readonly thought?: {
        /** A string or LlamaText, or an object with `type` for a thought that the template opens. */
        readonly prefix: unknown;
        readonly suffix?: string | LlamaText;
        readonly openOnResponseStart?: boolean;
      };
    };
  };
  generateContextState(options: { chatHistory: readonly ChatHistoryItem[] }): {
    contextText: LlamaText;
    stopGenerationTriggers: LlamaText[];
  };
}

export interface LlamaSequence {
  /** Tokens whose state is kept. */
  readonly contextTokens: Token[];
  readonly nextTokenIndex: number;
  /** Drops the state from the first token that differs on. */
  adaptStateToTokens(tokens: Token[], allowShift: boolean): Promise<void>;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
  /** Gives the tokens that follow until the model ends its turn. */
  evaluate(tokens: Token[], options: { temperature: number }): AsyncGenerator<Token, void, void>;
  /** Internal to the library, which shares prefixes with it: used where it exists, done without where not. */
  _copyStateFromOtherSequence?(other: LlamaSequence, upToTokenIndex: number): Promise<boolean>;
}

export interface LlamaContext {
  readonly contextSize: number;
  readonly batchSize: number;
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
}

export interface LlamaEmbeddingContext {
  getEmbeddingFor(tokens: Token[]): Promise<{ readonly vector: readonly number[] }>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  readonly tokenizer: LlamaTokenizer;
  /** Most tokens that it was trained on. */
  readonly trainContextSize?: number;
  tokenize(text: string): Token[];
  createEmbeddingContext(options: { contextSize: { max: number } }): Promise<LlamaEmbeddingContext>;
  readonly tokens?: { readonly bos: Token | null; readonly shouldPrependBosToken: boolean };
  detokenize(tokens: readonly Token[]): string;
  createContext(options: {
    contextSize: { max: number };
    sequences: number;
    flashAttention: boolean;
    swaFullCache: boolean;
    lora?: { adapters: { filePath: string }[] };
  }): Promise<LlamaContext>;
  dispose(): Promise<void>;
}

export interface Llama {
  loadModel(options: { modelPath: string }): Promise<LlamaModel>;
  dispose(): Promise<void>;
}

export interface LlamaModule {
  getLlama(options: {
    build: "never";
    gpu: false;
    logLevel: "error";
    progressLogs: false;
    skipDownload: true;
    maxThreads: number;
  }): Promise<Llama>;
  resolveChatWrapper(model: LlamaModel): ChatWrapper;
}

const PACKAGE = "node-llama-cpp";

/** @throws ConfigError that says how to install the package, or why it does not load */
export async function loadLlamaModule(name: string = PACKAGE): Promise<LlamaModule> {
  try {
    return (await import(name)) as LlamaModule;
  } catch (error) {
    if (isMissing(error, name)) {
      throw new ConfigError(
        `A GGUF model needs the optional package ${PACKAGE}: run \`npm install --no-save ${PACKAGE}@3.22.1\`, then start again.`,
        { cause: error },
      );
    }
    throw new ConfigError(
      `The package ${PACKAGE} is installed but does not load (${reasonOf(error)}): install it again with \`npm install --no-save ${PACKAGE}@3.22.1\`.`,
      { cause: error },
    );
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${name}'`)
  );
}
