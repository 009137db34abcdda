import {
  type Llama,
  type LlamaContext,
  type LlamaModel,
  type LlamaModule,
  reasonOf,
} from "./llama-module.ts";

export interface OpenedModel {
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
}

export interface OpenModelOptions {
  module: LlamaModule;
  path: string;
  /** Most tokens of a sequence. */
  contextSize: number;
  sequences: number;
  threads: number;
  /** A LoRA adapter; undefined: none. */
  adapterPath?: string | undefined;
}

/** Loads the model and makes a context for it; what was opened is closed again when the next step fails. */
export async function openModel(options: OpenModelOptions): Promise<OpenedModel> {
  const { module, path, threads, adapterPath } = options;
  const opened: { dispose(): Promise<void> }[] = [];
  try {
    const llama = await module.getLlama({
      build: "never",
      gpu: false,
      logLevel: "error",
      progressLogs: false,
      skipDownload: true,
      // The library's own default is at least four, however few cores there are.
      maxThreads: threads,
    });
    opened.unshift(llama);
    const model = await llama.loadModel({ modelPath: path });
    opened.unshift(model);
    const context = await model.createContext({
      contextSize: { max: options.contextSize },
      sequences: options.sequences,
      ...(adapterPath === undefined ? {} : { lora: { adapters: [{ filePath: adapterPath }] } }),
      // With it an answer depends on what else is in the batch.
      flashAttention: false,
      // Without it models with a sliding window would have to evaluate a shared prefix again.
      swaFullCache: true,
    });
    return { llama, model, context };
  } catch (error) {
    for (const resource of opened) await resource.dispose();
    throw new Error(
      `The model ${path}${adapterPath === undefined ? "" : " with its adapter"} does not load (${reasonOf(error)}): check that the file is whole and that it fits into memory.`,
      { cause: error },
    );
  }
}
