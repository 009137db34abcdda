const STORAGE_KEY = "agent-learning.key";
const CHANNEL = "agent-learning.session";

type Message = { kind: "ask" } | { kind: "key"; key: string } | { kind: "signed-out" };

/**
 * The signed-in person's key. It lives in this tab's session storage, which is bound to scheme, host and port and ends with
 * the tab; other tabs of the same origin get it by asking, so that opening a link in a new tab asks nobody to sign in again.
 */
export interface KeyStore {
  readonly get: () => string | undefined;
  readonly set: (key: string) => void;
  /** Forgets the key here and in every other tab. */
  readonly clear: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

function readStored(): string | undefined {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function writeStored(key: string | undefined): void {
  try {
    if (key === undefined) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, key);
  } catch {
    // Without storage the key lives as long as the page.
  }
}

export function createKeyStore(): KeyStore {
  let key = readStored();
  const listeners = new Set<() => void>();
  const channel = new BroadcastChannel(CHANNEL);
  const send = (message: Message): void => channel.postMessage(message);
  const change = (next: string | undefined): void => {
    if (next === key) return;
    key = next;
    writeStored(next);
    for (const listener of listeners) listener();
  };
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.kind === "ask" && key !== undefined) send({ kind: "key", key });
    if (data.kind === "key" && key === undefined) change(data.key);
    if (data.kind === "signed-out") change(undefined);
  });
  if (key === undefined) send({ kind: "ask" });
  return {
    get: () => key,
    set: change,
    clear: () => {
      send({ kind: "signed-out" });
      change(undefined);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const keyStore: KeyStore = createKeyStore();
