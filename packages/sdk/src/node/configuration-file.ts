import { mkdirSync, readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LearningError, messageOf, type Report } from "../errors.ts";
import { newId } from "../new-id.ts";
import type { ConfigurationStore } from "../serving/configuration-store.ts";

/** The last known configuration in one file that is replaced whole. Prompts may be secret: for this user's eyes only. */
export function createConfigurationFile(
  path: string,
  report: Report,
): ConfigurationStore & { settled(): Promise<void> } {
  let next: string | undefined;
  let running: Promise<void> | undefined;

  const replace = async (text: string): Promise<void> => {
    const unfinished = `${path}.${newId()}`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(unfinished, text, { mode: 0o600 });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      const message = `the configuration is not kept for a restart: ${messageOf(error)}`;
      report(new LearningError("storage", message, { cause: error }));
    }
  };
  const run = async (): Promise<void> => {
    while (next !== undefined) {
      const text = next;
      next = undefined;
      await replace(text);
    }
    running = undefined;
  };

  return {
    read: () => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") return undefined;
        report(new LearningError("storage", `the stored configuration cannot be read: ${messageOf(error)}`));
        return undefined;
      }
    },
    write: (text) => {
      next = text;
      running ??= run();
    },
    settled: () => running ?? Promise.resolve(),
  };
}
