import { newKey } from "../../client/new-key.ts";
import type { Draft } from "./draft.ts";
import type { ClaimedAnnotation, Decision } from "./types.ts";

/** A judgement on its way to the server. */
export interface Outgoing {
  claimed: ClaimedAnnotation;
  decision: Decision;
  draft: Draft;
  /** Sent with each attempt, so that a repetition changes nothing. */
  idempotencyKey: string;
  /** Not sent before this moment, milliseconds since 1970: until then it can be taken back. */
  notBefore: number;
}

/** What outlives a crash: claimed tasks, drafts by example, judgements that are not acknowledged yet. */
export interface DeskContent {
  held: ClaimedAnnotation[];
  drafts: Record<string, Draft>;
  outgoing: Outgoing[];
}

export interface DeskStorage {
  read(): DeskContent;
  write(content: DeskContent): void;
  /** Lets another tab take it over. */
  release(): void;
}

const NOTHING: DeskContent = { held: [], drafts: {}, outgoing: [] };
const PREFIX = "agent-learning.desk";

function parse(stored: string | null): DeskContent {
  if (stored === null) return NOTHING;
  try {
    return { ...NOTHING, ...(JSON.parse(stored) as Partial<DeskContent>) };
  } catch {
    return NOTHING;
  }
}

/** Holds a lock as long as the tab lives; undefined when another tab has it. */
function lock(name: string): Promise<(() => void) | undefined> {
  // Pages that are not secure have no locks: there, one person with two tabs has one desk twice.
  if (navigator.locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (granted) => {
      if (granted === null) {
        resolve(undefined);
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
  });
}

/**
 * Opens a person's desk: one that a closed or crashed tab left behind, else a new one. Two tabs never share a desk, so that
 * neither overwrites what the other keeps.
 */
export async function openDeskStorage(userId: string, kind: string): Promise<DeskStorage> {
  const prefix = `${PREFIX}.${userId}.${kind}.`;
  const left = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  for (const key of [...left, prefix + newKey()]) {
    const release = await lock(key);
    if (release === undefined) continue;
    return {
      read: () => parse(localStorage.getItem(key)),
      write: (content) => {
        const isEmpty =
          content.held.length + content.outgoing.length + Object.keys(content.drafts).length === 0;
        if (isEmpty) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(content));
      },
      release,
    };
  }
  throw new Error("This browser gives no lock for a desk of its own.");
}
