import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import type { Embedder } from "@agent-learning/learning";
import { checkModelFile } from "./check-model-file.ts";
import {
  type Llama,
  type LlamaEmbeddingContext,
  type LlamaModel,
  type LlamaModule,
  loadLlamaModule,
  reasonOf,
} from "./llama-module.ts";

/** Tokens of a text that are read; chunks are shorter. */
const LONGEST = 2_048;
/** Bytes that tell one file from another of the same name and size. */
const FINGERPRINT = 1_048_576;

export interface GgufEmbedder extends Embedder {
  /** Ends what is running and frees the memory. */
  dispose(): Promise<void>;
}

export interface GgufEmbedderOptions {
  /** Default: all cores but one. */
  threads?: number | undefined;
  /** Instead of the package node-llama-cpp: tests. */
  module?: LlamaModule;
}

/** The same for the same file, wherever it lies: vectors of another file are not comparable. */
async function nameOf(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(FINGERPRINT), 0, FINGERPRINT, 0);
  const digest = createHash("sha256").update(buffer.subarray(0, bytesRead)).digest("hex").slice(0, 12);
  return `${basename(path)}#${size}-${digest}`;
}

async function load(module: LlamaModule, path: string, threads: number) {
  const opened: { dispose(): Promise<void> }[] = [];
  try {
    const llama: Llama = await module.getLlama({
      build: "never",
      gpu: false,
      logLevel: "error",
      progressLogs: false,
      skipDownload: true,
      maxThreads: threads,
    });
    opened.unshift(llama);
    const model: LlamaModel = await llama.loadModel({ modelPath: path });
    opened.unshift(model);
    const context: LlamaEmbeddingContext = await model.createEmbeddingContext({
      contextSize: { max: LONGEST },
    });
    opened.unshift(context);
    return { opened, model, context };
  } catch (error) {
    for (const resource of opened) await resource.dispose();
    throw new Error(
      `The embedder ${path} does not load (${reasonOf(error)}): check that the file is whole and that it fits into memory.`,
      { cause: error },
    );
  }
}

/**
 * An embedder from a GGUF file, on the CPU, one text after the other. Texts that are longer than its context are read up to there.
 * @throws Error that says in one sentence what to do: no package, no file, no GGUF, no memory
 */
export async function ggufEmbedder(path: string, options: GgufEmbedderOptions = {}): Promise<GgufEmbedder> {
  await checkModelFile(path, "LEARNING_EMBEDDING_PATH");
  const module = options.module ?? (await loadLlamaModule());
  const threads = options.threads ?? Math.max(1, availableParallelism() - 1);
  const { opened, model, context } = await load(module, path, threads);
  let ended = false;
  // Room for the tokens that the context adds by itself.
  const most = Math.min(LONGEST, model.trainContextSize ?? LONGEST) - 8;
  return {
    name: await nameOf(path),
    embed: async (texts, { signal } = {}) => {
      const vectors: number[][] = [];
      for (const text of texts) {
        signal?.throwIfAborted();
        if (ended) throw new Error("The embedder has been ended.");
        // An empty text has no tokens, and so no vector.
        const tokens = model.tokenize(text === "" ? " " : text).slice(0, most);
        const { vector } = await context.getEmbeddingFor(tokens);
        if (vector.length === 0 || !vector.every(Number.isFinite))
          throw new Error(`The embedder ${path} gave no vector: choose a GGUF model that is made to embed.`);
        vectors.push([...vector]);
      }
      return vectors;
    },
    dispose: async () => {
      ended = true;
      for (const resource of opened) await resource.dispose();
    },
  };
}
