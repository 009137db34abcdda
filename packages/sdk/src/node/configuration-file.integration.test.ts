import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createConfigurationFile } from "./configuration-file.ts";

let path: string;
let errors: LearningError[];
beforeEach(async () => {
  path = join(await temporaryFolder(), "new", "configuration.json");
  errors = [];
});
const open = (at: string = path): ReturnType<typeof createConfigurationFile> =>
  createConfigurationFile(at, (error) => errors.push(error));

describe("createConfigurationFile", () => {
  it("is empty at first, and has the last of what was written, for this user only", async () => {
    const store = open();
    expect(store.read()).toBeUndefined();
    for (let i = 0; i < 50; i += 1) store.write(`text ${i}`);
    await store.settled();
    expect(open().read()).toBe("text 49");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, ".."))).toEqual(["configuration.json"]);
    expect(errors).toEqual([]);
  });

  it("is whole at every moment", async () => {
    const store = open();
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    store.write(texts[0] ?? "");
    await store.settled();
    for (let i = 0; i < 20; i += 1) {
      store.write(texts[i % 2] ?? "");
      expect(texts).toContain(await readFile(path, "utf8"));
    }
    await store.settled();
  });

  it("reports a place that cannot be written or read, and never throws", async () => {
    await writeFile(join(path, "..", "..", "file"), "");
    const nowhere = open(join(path, "..", "..", "file", "x", "configuration.json"));
    expect(nowhere.read()).toBeUndefined();
    nowhere.write("x");
    await nowhere.settled();
    expect(errors.map(({ kind }) => kind)).toEqual(["storage"]);
    await mkdir(path, { recursive: true });
    expect(open().read()).toBeUndefined();
    expect(errors).toHaveLength(2);
  });
});
