import { createFeedbackStore, type FeedbackStore } from "./feedback-store.ts";
import {
  createTransport,
  type FeedbackTarget,
  type IssueCategory,
  type TransportSettings,
} from "./transport.ts";

/** What the newest user of a store wants: settings may change while the store stays. */
export interface StoreSettings extends TransportSettings {
  onSubmitted: ((feedbackId: string) => void) | undefined;
}

export interface HeldStore extends FeedbackStore {
  configure: (settings: StoreSettings) => void;
  /** The organization's issue categories; undefined when they cannot be had. */
  categories: () => Promise<IssueCategory[] | undefined>;
}

const PREFIX = "agent-learning:";
const KEPT_DAYS = 30;

const stores = new Map<string, HeldStore>();

interface Row {
  time: number;
  target: FeedbackTarget;
  kept: string;
}

function readRow(name: string): Row | undefined {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "") as Row;
  } catch {
    return undefined;
  }
}

function writeRow(name: string, row: Row): void {
  try {
    localStorage.setItem(name, JSON.stringify(row));
  } catch {
    // No storage, or no room: it stays in memory until the page goes.
  }
}

const isDue = (store: FeedbackStore): boolean => ["saving", "waiting"].includes(store.get().status);

/** The one store of an execution in this page, with what earlier pages kept. */
export function storeFor(target: FeedbackTarget, settings: StoreSettings): HeldStore {
  const name = `${PREFIX}${settings.baseUrl}|${target.agentId}|${target.executionId}`;
  const known = stores.get(name);
  if (known !== undefined) return known;
  let current = settings;
  const transport = createTransport(() => current, target);
  const store = createFeedbackStore(
    transport,
    {
      read: () => readRow(name)?.kept ?? null,
      write: (kept) => writeRow(name, { time: Date.now(), target, kept }),
    },
    (id) => current.onSubmitted?.(id),
  );
  const held = {
    ...store,
    configure: (next: StoreSettings) => void (current = next),
    categories: () => transport.categories().catch(() => undefined),
  };
  stores.set(name, held);
  return held;
}

/** Sends what earlier pages could not, and forgets what was settled a month ago. */
export function resumeStored(settings: TransportSettings): void {
  const names: string[] = [];
  try {
    names.push(...Object.keys(localStorage));
  } catch {
    return;
  }
  for (const name of names.filter((each) => each.startsWith(`${PREFIX}${settings.baseUrl}|`))) {
    const row = readRow(name);
    if (row === undefined || stores.has(name)) continue;
    const store = storeFor(row.target, { ...settings, onSubmitted: undefined });
    if (isDue(store)) continue;
    stores.delete(name);
    if (Date.now() - row.time > KEPT_DAYS * 86_400_000) localStorage.removeItem(name);
  }
}

/** Tries everything that waits: the network is back, or somebody looks again. */
export function retryAll(): void {
  for (const store of stores.values()) store.retry();
}
