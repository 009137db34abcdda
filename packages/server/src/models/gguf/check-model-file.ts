import { open } from "node:fs/promises";
import { reasonOf } from "./llama-module.ts";

const MAGIC = "GGUF";

/** @throws Error that says in one sentence what to do when the file is absent, unreadable or no GGUF */
export async function checkModelFile(path: string, setting = "LEARNING_MODEL_PATH"): Promise<void> {
  const start = await readStart(path, setting);
  if (start !== MAGIC) {
    throw new Error(`${path} is not a GGUF model: set ${setting} to a file that ends in .gguf.`);
  }
}

async function readStart(path: string, setting: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new Error(`There is no file ${path}: set ${setting} to a GGUF model that exists.`, {
        cause: error,
      });
    }
    throw new Error(`${path} cannot be read (${code ?? reasonOf(error)}): set ${setting} to a GGUF model.`, {
      cause: error,
    });
  }
}
