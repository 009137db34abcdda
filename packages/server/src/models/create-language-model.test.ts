import { describe, expect, it, vi } from "vitest";
import { createModelProvider } from "./create-language-model.ts";
import type { GgufModel } from "./gguf/gguf-model.ts";
import { completion, startScriptedEndpoint } from "./scripted-endpoint.testing.ts";

const gguf = { kind: "gguf", path: "/models/small.gguf" } as const;

function localModel(dispose: () => Promise<void> = async () => undefined): GgufModel {
  return {
    statistics: { promptTokens: 0, evaluatedTokens: 0 },
    generate: async () => ({ text: "yes", promptTokens: 1, completionTokens: 1 }),
    dispose,
  };
}

describe("createModelProvider", () => {
  it("has no model where none is configured", async () => {
    const provider = createModelProvider({ kind: "none" });
    expect(provider.configured).toBe(false);
    expect(await provider.load()).toBeUndefined();
    await provider.dispose();
  });

  it("gives the configured endpoint, on this machine too", async () => {
    const endpoint = await startScriptedEndpoint();
    endpoint.script(completion("card_arrival"));
    try {
      const config = { kind: "openai-compatible", url: endpoint.url, name: "small", key: undefined } as const;
      const provider = createModelProvider(config);
      expect(provider.configured).toBe(true);
      const model = await provider.load();
      const messages = [{ role: "user", content: "Where is my card?" }] as const;
      const answer = await model?.generate({ messages, temperature: 0, maxTokens: 8 });
      expect(answer?.text).toBe("card_arrival");
      expect(endpoint.requests[0]?.body["model"]).toBe("small");
    } finally {
      await endpoint.close();
    }
  });

  it("loads a file once, however many ask at the same time", async () => {
    const load = vi.fn(async () => localModel());
    const provider = createModelProvider(gguf, { gguf: load });
    expect(load).not.toHaveBeenCalled();
    const models = await Promise.all([provider.load(), provider.load(), provider.load()]);
    expect(new Set([...models, await provider.load()]).size).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledWith("/models/small.gguf", {});
  });

  it("uses as many threads as the operator says", async () => {
    const load = vi.fn(async () => localModel());
    await createModelProvider({ ...gguf, threads: 2 }, { gguf: load }).load();
    expect(load).toHaveBeenCalledWith("/models/small.gguf", { threads: 2 });
  });

  it("tells everyone who waits why loading failed, and tries again for the next", async () => {
    let there = false;
    const load = vi.fn(async () => {
      if (!there) throw new Error("there is no file");
      return localModel();
    });
    const provider = createModelProvider(gguf, { gguf: load });
    const results = await Promise.allSettled([provider.load(), provider.load()]);
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
    expect(load).toHaveBeenCalledTimes(1);
    there = true;
    expect(await provider.load()).toBeDefined();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("frees the model once and has none afterwards", async () => {
    const dispose = vi.fn(async () => undefined);
    const provider = createModelProvider(gguf, { gguf: async () => localModel(dispose) });
    await provider.load();
    await Promise.all([provider.dispose(), provider.dispose()]);
    expect(dispose).toHaveBeenCalledTimes(1);
    await expect(provider.load()).rejects.toThrow("stopping");
  });

  it("frees a model that is still loading when it is disposed", async () => {
    const dispose = vi.fn(async () => undefined);
    const { promise, resolve } = Promise.withResolvers<GgufModel>();
    const provider = createModelProvider(gguf, { gguf: () => promise });
    const loading = provider.load();
    const disposing = provider.dispose();
    resolve(localModel(dispose));
    await disposing;
    expect(dispose).toHaveBeenCalledTimes(1);
    await expect(loading).resolves.toBeDefined();
  });

  it("is disposed without complaint when loading failed or never began", async () => {
    const provider = createModelProvider(gguf, { gguf: () => Promise.reject(new Error("no file")) });
    await expect(provider.load()).rejects.toThrow("no file");
    await provider.dispose();
    const unused = vi.fn(async () => localModel());
    await createModelProvider(gguf, { gguf: unused }).dispose();
    expect(unused).not.toHaveBeenCalled();
  });

  it("says what to do about a file that is not there", async () => {
    const provider = createModelProvider({ kind: "gguf", path: "/nowhere/small.gguf" });
    await expect(provider.load()).rejects.toThrow(
      "There is no file /nowhere/small.gguf: set LEARNING_MODEL_PATH to a GGUF model that exists.",
    );
  });
});
