import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkModelFile } from "./check-model-file.ts";
import { loadLlamaModule } from "./llama-module.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("checkModelFile", () => {
  it("takes a file that begins like a GGUF", async () => {
    const path = join(folder, "model.gguf");
    await writeFile(path, "GGUF\u0003\0\0\0");
    await expect(checkModelFile(path)).resolves.toBeUndefined();
  });

  it.each([
    ["absent.gguf", undefined, /^There is no file .*absent\.gguf: set LEARNING_MODEL_PATH/],
    ["model.safetensors", "{}", /model\.safetensors is not a GGUF model: set LEARNING_MODEL_PATH/],
    ["empty.gguf", "", /empty\.gguf is not a GGUF model/],
  ])("says what to do about %s", async (name, content, message) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    await expect(checkModelFile(path)).rejects.toThrow(message);
  });

  it("says what to do about a folder", async () => {
    await expect(checkModelFile(folder)).rejects.toThrow(
      /cannot be read \(EISDIR\): set LEARNING_MODEL_PATH/,
    );
  });
});

describe("loadLlamaModule", () => {
  it("says in one sentence how to get the package", async () => {
    await expect(loadLlamaModule("no-such-package")).rejects.toThrow(
      "A GGUF model needs the optional package node-llama-cpp: run `npm install --no-save node-llama-cpp@3.22.1`, then start again.",
    );
  });

  it("says so when the package is there and broken", async () => {
    const path = join(folder, "broken.mjs");
    await writeFile(path, 'throw new Error("wrong GLIBC");');
    await expect(loadLlamaModule(path)).rejects.toThrow(/installed but does not load \(wrong GLIBC\)/);
  });
});
