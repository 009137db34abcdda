import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LearningError, messageOf } from "../errors.ts";
import type { Persistence, PersistenceOptions, Platform } from "../learning/platform.ts";
import { toolParts } from "../tools/tool-parts.ts";
import { systemClock } from "../transport/clock.ts";
import { createConfigurationFile } from "./configuration-file.ts";
import { registerExitHooks } from "./exit-hooks.ts";
import { createFileJournal } from "./file-journal.ts";
import { unreferencedFetch } from "./unreferenced-fetch.ts";

const DIRECTORY = ".agent-learning-sdk";
const DISK_BYTES = 256 * 1024 * 1024;

/** The folder is in the working directory of some project: it must not end up in its repository. */
function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(join(directory, ".gitignore"), "*\n", { flag: "wx" });
  } catch {
    // It is there.
  }
}

function persist({ options, scope, clock, report, onMore }: PersistenceOptions): Persistence {
  const { directory = DIRECTORY, maxDiskBytes = DISK_BYTES } = options;
  if (directory === false) {
    return {
      store: undefined,
      journal: undefined,
      written: async () => false,
      drain: () => undefined,
      close: async () => undefined,
    };
  }
  const root = resolve(directory);
  const folder = join(root, scope);
  try {
    prepareDirectory(root);
  } catch (error) {
    const message = `nothing is kept for a restart, ${root} cannot be made: ${messageOf(error)}`;
    report(new LearningError("storage", message, { cause: error }));
  }
  const store = createConfigurationFile(join(folder, "configuration.json"), report);
  const journal = createFileJournal({ parent: join(folder, "journal"), maxDiskBytes, clock, report, onMore });
  const close = async (): Promise<void> => {
    await Promise.all([store.settled(), journal.close()]);
  };
  const written = async (): Promise<boolean> => {
    await store.settled();
    return journal.written();
  };
  return { store, journal, written, drain: journal.drain, close };
}

export const nodePlatform: Platform = {
  clock: systemClock,
  fetch: (url, init) => fetch(url, init),
  pollFetch: unreferencedFetch,
  persist,
  onEnd: registerExitHooks,
  isEnding: () => false,
  warn: (message) => process.emitWarning(message, "AgentLearningWarning"),
  tools: toolParts,
};
