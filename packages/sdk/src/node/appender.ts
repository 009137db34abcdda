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

/** Characters that wait in memory to be written, of all appenders that share it. */
export interface Backlog {
  characters: number;
}

/**
 * @param onError called once; the appender is dead then, and how much of the last write reached the file is not known
 */
export function createAppender(path: string, backlog: Backlog, onError: (error: unknown) => void): Appender {
  let buffer: string[] = [];
  let buffered = 0;
  let writing = "";
  let running: Promise<void> | undefined;
  let dead = false;

  const takeBuffer = (): string => {
    const text = buffer.join("");
    backlog.characters -= buffered;
    buffer = [];
    buffered = 0;
    return text;
  };
  const run = async (): Promise<void> => {
    while (buffer.length > 0 && !dead) {
      try {
        // What the agent records in one go is written in one go.
        await Promise.resolve();
        writing = takeBuffer();
        if (writing !== "") await appendFile(path, writing, { mode: FILE_MODE });
        writing = "";
      } catch (error) {
        takeBuffer();
        writing = "";
        if (!dead) onError(error);
        dead = true;
      }
    }
    running = undefined;
  };

  return {
    append: (text) => {
      if (dead) return;
      buffer.push(text);
      buffered += text.length;
      backlog.characters += text.length;
      running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
    discard: () => {
      dead = true;
      takeBuffer();
    },
    drain: () => {
      const rest = writing + takeBuffer();
      if (rest === "" || dead) return;
      dead = true;
      appendFileSync(path, rest, { mode: FILE_MODE });
    },
  };
}
