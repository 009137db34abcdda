import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ggufEmbedder } from "./gguf-embedder.ts";
import type { LlamaModule, Token } from "./llama-module.ts";

/** A library whose vectors are what it was asked: the number of tokens, the first and the last of them. */
function fake({ vector, fail = false }: { vector?: readonly number[]; fail?: boolean } = {}) {
  const ended: string[] = [];
  const ending = (name: string) => async () => void ended.push(name);
  const module = {
    getLlama: async () => ({
      loadModel: async () => ({
        trainContextSize: 32,
        tokenize: (text: string): Token[] => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
        createEmbeddingContext: async () => {
          if (fail) throw new Error("no memory");
          return {
            getEmbeddingFor: async (tokens: Token[]) => ({
              vector: vector ?? [tokens.length, tokens[0] ?? 0, tokens.at(-1) ?? 0],
            }),
            dispose: ending("context"),
          };
        },
        dispose: ending("model"),
      }),
      dispose: ending("llama"),
    }),
  };
  return { module: module as unknown as LlamaModule, ended };
}

describe("ggufEmbedder", () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "als-embedder-"));
    path = join(folder, "small.gguf");
    writeFileSync(path, "GGUF and the rest");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives a vector for each text, long ones read as far as the context goes, an empty one like a blank", async () => {
    const { module, ended } = fake();
    const embedder = await ggufEmbedder(path, { module });
    expect(await embedder.embed(["ab", "", "x".repeat(100)])).toEqual([
      [2, 97, 98],
      [1, 32, 32],
      [24, 120, 120],
    ]);
    await embedder.dispose();
    expect(ended).toEqual(["context", "model", "llama"]);
    await expect(embedder.embed(["a"])).rejects.toThrow("has been ended");
  });

  it("is named by the file's name, size and beginning: vectors of another file are not comparable", async () => {
    const { module } = fake();
    const { name } = await ggufEmbedder(path, { module });
    expect(name).toMatch(/^small\.gguf#17-[0-9a-f]{12}$/);
    const other = join(folder, "other.gguf");
    writeFileSync(other, "GGUF and the best");
    expect((await ggufEmbedder(other, { module })).name.slice(-12)).not.toBe(name.slice(-12));
  });

  it("stops at the signal between two texts", async () => {
    const embedder = await ggufEmbedder(path, fake());
    await expect(embedder.embed(["a"], { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });

  it("says in a sentence what is wrong: no file, no GGUF, no memory, no vector", async () => {
    await expect(ggufEmbedder(join(folder, "none.gguf"))).rejects.toThrow(
      /There is no file .*none\.gguf: set LEARNING_EMBEDDING_PATH/,
    );
    const text = join(folder, "text.gguf");
    writeFileSync(text, "no model");
    await expect(ggufEmbedder(text)).rejects.toThrow(/is not a GGUF model: set LEARNING_EMBEDDING_PATH/);
    const broken = fake({ fail: true });
    await expect(ggufEmbedder(path, broken)).rejects.toThrow(/does not load \(no memory\)/);
    expect(broken.ended).toEqual(["model", "llama"]);
    const odd = await ggufEmbedder(path, fake({ vector: [Number.NaN] }));
    await expect(odd.embed(["a"])).rejects.toThrow(
      /gave no vector: choose a GGUF model that is made to embed/,
    );
  });
});
