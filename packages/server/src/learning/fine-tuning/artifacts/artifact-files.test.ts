import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../../config.ts";
import { ArtifactMismatch, artifactPath, hashFile, storeFile, verifyFile } from "./artifact-files.ts";

describe("stored artifacts", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "artifacts-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const config = () => readConfig({ LEARNING_DATA_DIR: folder });

  const make = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return { path, name, sha256: await hashFile(path), bytes: text.length };
  };

  it("are kept by their hash and verified when they are read", async () => {
    const file = await make("adapter.gguf", "weights");
    await storeFile(config(), "org", file);
    await storeFile(config(), "org", file);
    const place = await verifyFile(config(), "org", file);
    expect(await readFile(place, "utf8")).toBe("weights");
    await expect(verifyFile(config(), "other", file)).rejects.toThrow("not in the store");
    await writeFile(place, "others");
    await expect(verifyFile(config(), "org", file)).rejects.toThrow(ArtifactMismatch);
  });

  it("are refused when they are not what was announced, and leave nothing behind", async () => {
    const file = await make("other.gguf", "more weights");
    for (const wrong of [
      { ...file, sha256: "0".repeat(64) },
      { ...file, bytes: 1 },
    ]) {
      await expect(storeFile(config(), "refusing", wrong)).rejects.toThrow(ArtifactMismatch);
    }
    const folderOf = join(artifactPath(config(), "refusing", file.sha256), "..");
    expect(await readdir(folderOf)).toEqual([]);
  });
});
