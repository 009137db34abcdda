import { LearningError, messageOf } from "../errors.ts";
import type { KeyValueStorage, LearningOptions } from "../learning/options.ts";
import type { Persistence, PersistenceOptions, Platform } from "../learning/platform.ts";
import { systemClock } from "../transport/clock.ts";
import { createStorageJournal } from "./storage-journal.ts";

const STORAGE_BYTES = 1024 * 1024;

interface Page {
  localStorage?: KeyValueStorage;
  document?: { visibilityState: string };
  addEventListener?: (type: string, listener: () => void) => void;
  removeEventListener?: (type: string, listener: () => void) => void;
  console: { warn(message: string): void };
}

const page = globalThis as unknown as Page;
let ending = false;

function findStorage({ storage }: LearningOptions): KeyValueStorage | undefined {
  if (storage === false) return undefined;
  try {
    // Reading the property throws where the user forbids storage.
    return storage ?? page.localStorage;
  } catch {
    return undefined;
  }
}

function persist({ options, scope, report }: PersistenceOptions): Persistence {
  const storage = findStorage(options);
  const nothing = { drain: () => undefined, close: async () => undefined };
  if (storage === undefined) {
    return { store: undefined, journal: undefined, written: async () => false, ...nothing };
  }
  const name = `agent-learning:${scope}`;
  const failed = (error: unknown): undefined => {
    report(new LearningError("storage", `browser storage fails: ${messageOf(error)}`));
  };
  const store = {
    read: (): string | undefined => {
      try {
        return storage.getItem(`${name}:configuration`) ?? undefined;
      } catch (error) {
        return failed(error);
      }
    },
    write: (text: string): void => {
      try {
        storage.setItem(`${name}:configuration`, text);
      } catch (error) {
        failed(error);
      }
    },
  };
  const maxBytes = Math.min(options.maxDiskBytes ?? STORAGE_BYTES, STORAGE_BYTES);
  const journal = createStorageJournal(storage, `${name}:item:`, maxBytes, report);
  return { store, journal, written: journal.written, ...nothing };
}

/** The page is hidden: the last moment that a browser grants for certain. */
function onEnd({ flush }: { flush: (() => Promise<unknown>) | undefined }): () => void {
  if (flush === undefined || page.addEventListener === undefined) return () => undefined;
  const hidden = (): void => {
    ending = page.document?.visibilityState !== "visible";
    if (ending) void flush();
  };
  page.addEventListener("visibilitychange", hidden);
  page.addEventListener("pagehide", hidden);
  return () => {
    page.removeEventListener?.("visibilitychange", hidden);
    page.removeEventListener?.("pagehide", hidden);
  };
}

const send: Platform["fetch"] = (url, init) => fetch(url, init);

/** A page's keys may only give feedback, so what agents with tools need is left out of its bundle. */
const tools: Platform["tools"] = {
  createToolRecorder: () => ({
    tool: async (_name, toolArguments, call) => call(toolArguments),
    calls: () => undefined,
  }),
  withToolCalls: (record) => record,
  demonstrationToWire: () => {
    throw new TypeError("not from browsers");
  },
};

export const browserPlatform: Platform = {
  clock: systemClock,
  fetch: send,
  pollFetch: send,
  persist,
  onEnd,
  isEnding: () => ending,
  // oxlint-disable-next-line no-console -- the only place where a browser's developer looks
  warn: (message) => page.console.warn(message),
  tools,
};
