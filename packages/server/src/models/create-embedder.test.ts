import { expect, it } from "vitest";
import { createEmbedderProvider } from "./create-embedder.ts";

it("loads a GGUF file once, tries again after a failure, and frees it", async () => {
  let [loads, freed] = [0, 0];
  const gguf = async () => {
    loads += 1;
    if (loads === 1) throw new Error("no such file");
    return { name: "local", embed: async () => [], dispose: async () => void (freed += 1) };
  };
  const provider = createEmbedderProvider({ kind: "gguf", path: "small.gguf" }, { gguf });
  expect(provider.configured).toBe(true);
  await expect(provider.load()).rejects.toThrow("no such file");
  const [one, other] = await Promise.all([provider.load(), provider.load()]);
  expect(one).toBe(other);
  expect(loads).toBe(2);
  await provider.dispose();
  await provider.dispose();
  expect(freed).toBe(1);
});

it("has none without settings", async () => {
  const provider = createEmbedderProvider(undefined);
  expect(provider.configured).toBe(false);
  expect(await provider.load()).toBeUndefined();
  await provider.dispose();
});
