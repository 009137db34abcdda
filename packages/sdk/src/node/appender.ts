import { appendFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";

/** Appends to one file in the background, what comes together in one write. */
export interface Appender {
  append(text: string): void;
  /** Resolves when everything appended so far is written, or given up. */
  idle(): Promise<void>;
  /** Forgets what is not written yet; writes nothing any more. */
  discard(): void;
  /** Writes the rest at once: the process is ending. May write twice what is being written. */
  drain(): void;
}

/** Content of users: nobody else's business. */
const FILE_MODE = 0o600;

/**
 * @param onError called once; the appender is dead then, and how much of the last write reached the file is not known
 */
export function createAppender(path: string, onError: (error: unknown) => void): Appender {
  let buffer: string[] = [];
  let writing = "";
  let running: Promise<void> | undefined;
  let dead = false;

  const run = async (): Promise<void> => {
    while (buffer.length > 0 && !dead) {
      try {
        // What the agent records in one go is written in one go.
        await Promise.resolve();
        writing = buffer.join("");
        buffer = [];
        if (writing !== "") await appendFile(path, writing, { mode: FILE_MODE });
        writing = "";
      } catch (error) {
        if (!dead) {
          dead = true;
          buffer = [];
          writing = "";
          onError(error);
        }
      }
    }
    running = undefined;
  };

  return {
    append: (text) => {
      if (dead) return;
      buffer.push(text);
      running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
    discard: () => {
      dead = true;
      buffer = [];
    },
    drain: () => {
      const rest = writing + buffer.join("");
      buffer = [];
      if (rest === "" || dead) return;
      dead = true;
      appendFileSync(path, rest, { mode: FILE_MODE });
    },
  };
}
