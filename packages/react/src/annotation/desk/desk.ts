import { LearningApiError } from "../../client/learning-api-error.ts";
import { newKey } from "../../client/new-key.ts";
import type { DeskApi } from "./desk-api.ts";
import type { DeskContent, DeskStorage, Outgoing } from "./desk-storage.ts";
import { type Draft, emptyDraft, isTouched } from "./draft.ts";
import type { ClaimedAnnotation, Decision } from "./types.ts";

/** How long a judgement can be taken back before it is sent. */
export const UNDO_MILLISECONDS = 4_000;
/** Tasks that are claimed before they are needed, so that the next one is there at once. */
const AHEAD = 2;
/** Most tasks that one person keeps from the others. */
const MOST_HELD = 10;
const RETRY_MILLISECONDS = 5_000;
const LOOK_AGAIN_MILLISECONDS = 20_000;
const RENEW_MILLISECONDS = 300_000;

export interface DeskState {
  /** `opening`: leases of an earlier sitting are being looked at. `empty`: nothing to do. */
  phase: "opening" | "working" | "empty";
  current: ClaimedAnnotation | undefined;
  draft: Draft | undefined;
  /** Judgements that the server has not acknowledged. */
  waiting: number;
  /** The newest of them can still be taken back. */
  canUndo: boolean;
  /** Judged in this sitting. */
  done: number;
  /** The server does not answer; nothing is lost. */
  offline: boolean;
  /** Why the last claim or judgement was refused. */
  refusal: unknown;
}

export interface Desk {
  getState: () => DeskState;
  subscribe: (listener: () => void) => () => void;
  change: (draft: Draft) => void;
  decide: (decision: Decision) => void;
  /** Puts the current one aside and shows another; it comes back later. */
  next: () => void;
  /** Passes the current one on to somebody else. */
  defer: (reason: string) => void;
  undo: () => void;
  /** Sends what waits and gives back what was not begun. */
  close: () => void;
}

interface Held {
  claimed: ClaimedAnnotation;
  aside: boolean;
}

const isAway = (error: unknown): boolean =>
  !LearningApiError.isInstance(error) || error.status === 0 || error.status === 429 || error.status >= 500;

/** The work of one person on one queue. Knows no screen, so that it can be tested without one. */
export function createDesk({ api, storage }: { api: DeskApi; storage: DeskStorage }): Desk {
  const kept = storage.read();
  const listeners = new Set<() => void>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let held: Held[] = kept.held.map((claimed) => ({ claimed, aside: false }));
  let drafts = kept.drafts;
  let outgoing: Outgoing[] = kept.outgoing;
  let opening = held.length > 0;
  let exhausted = false;
  let claiming = false;
  let sending = false;
  let done = 0;
  let offline = false;
  let refusal: unknown;
  let closed = false;
  let state = compute();

  function compute(): DeskState {
    const current = opening ? undefined : (held.find(({ aside }) => !aside) ?? held[0])?.claimed;
    return {
      phase: opening ? "opening" : current === undefined && exhausted ? "empty" : "working",
      current,
      draft: current === undefined ? undefined : (drafts[current.example.id] ?? emptyDraft(current.example)),
      waiting: outgoing.length,
      canUndo: (outgoing.at(-1)?.notBefore ?? 0) > Date.now(),
      done,
      offline,
      refusal,
    };
  }

  function update(): void {
    const content: DeskContent = { held: held.map(({ claimed }) => claimed), drafts, outgoing };
    storage.write(content);
    state = compute();
    for (const listener of listeners) listener();
  }

  function later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, milliseconds);
    timers.add(timer);
  }

  function take(taskId: string): ClaimedAnnotation | undefined {
    const found = held.find(({ claimed }) => claimed.task.id === taskId);
    held = held.filter((one) => one !== found);
    return found?.claimed;
  }

  const wantsMore = (): boolean =>
    !closed && held.length < MOST_HELD && held.filter(({ aside }) => !aside).length <= AHEAD;

  async function fill(): Promise<void> {
    if (claiming || closed || opening) return;
    claiming = true;
    try {
      while (wantsMore()) {
        const claimed = await api.claim();
        if (closed) {
          // It came too late: whoever comes next shall have it.
          if (claimed !== undefined) await api.release(claimed.task, undefined);
          return;
        }
        offline = false;
        exhausted = claimed === undefined;
        if (claimed === undefined) {
          // Put aside, and nothing else to do: they come round again.
          if (held.every(({ aside }) => aside)) held = held.map((one) => ({ ...one, aside: false }));
          later(LOOK_AGAIN_MILLISECONDS, () => void fill());
          break;
        }
        const at = held.findIndex(({ aside }) => aside);
        held =
          at < 0
            ? [...held, { claimed, aside: false }]
            : [...held.slice(0, at), { claimed, aside: false }, ...held.slice(at)];
        update();
      }
    } catch (error) {
      if (isAway(error)) {
        offline = true;
        later(RETRY_MILLISECONDS, () => void fill());
      } else {
        refusal = error;
        exhausted = true;
      }
    } finally {
      claiming = false;
      if (!closed) update();
    }
  }

  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    try {
      for (let next = outgoing[0]; next !== undefined; next = outgoing[0]) {
        const wait = next.notBefore - Date.now();
        if (wait > 0 && !closed) {
          later(wait, () => void send());
          break;
        }
        await deliver(next);
      }
    } catch {
      offline = true;
      later(RETRY_MILLISECONDS, () => void send());
    } finally {
      sending = false;
      update();
    }
  }

  /** @throws only when the server is away, and the judgement has to be sent again */
  async function deliver(judgement: Outgoing): Promise<void> {
    const exampleId = judgement.claimed.example.id;
    try {
      await api.submit(judgement);
      offline = false;
      const { [exampleId]: _sent, ...others } = drafts;
      drafts = others;
    } catch (error) {
      if (isAway(error)) throw error;
      refusal = error;
      done -= 1;
      // What can be mended comes back with its draft; a lease that is gone does not.
      const mendable = LearningApiError.isInstance(error) && (error.status === 400 || error.status === 422);
      if (mendable) held = [{ claimed: judgement.claimed, aside: false }, ...held];
    }
    outgoing = outgoing.filter((one) => one !== judgement);
  }

  async function renew(): Promise<void> {
    const answers = await Promise.all(
      held.map(async (one) => {
        try {
          await api.renew(one.claimed.task);
          return one;
        } catch (error) {
          return isAway(error) ? one : undefined;
        }
      }),
    );
    const lost = held.filter((_one, index) => answers[index] === undefined);
    held = held.filter((one) => !lost.includes(one));
    if (!closed) later(RENEW_MILLISECONDS, () => void renew().then(update));
  }

  const online = (): void => {
    void send();
    void fill();
  };
  globalThis.addEventListener?.("online", online);
  void (async () => {
    await renew();
    opening = false;
    update();
    void send();
    await fill();
  })();

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (draft) => {
      const { current } = state;
      if (current === undefined) return;
      drafts = { ...drafts, [current.example.id]: draft };
      update();
    },
    decide: (decision) => {
      const { current, draft } = state;
      if (current === undefined || draft === undefined) return;
      take(current.task.id);
      refusal = undefined;
      done += 1;
      drafts = { ...drafts, [current.example.id]: draft };
      outgoing = [
        ...outgoing,
        {
          claimed: current,
          decision,
          draft,
          idempotencyKey: newKey(),
          notBefore: Date.now() + UNDO_MILLISECONDS,
        },
      ];
      update();
      later(UNDO_MILLISECONDS, () => void send());
      void fill();
    },
    next: () => {
      const { current } = state;
      if (current === undefined) return;
      const claimed = take(current.task.id);
      if (claimed !== undefined) held = [...held, { claimed, aside: true }];
      if (held.every(({ aside }) => aside) && held.length >= MOST_HELD)
        held = held.map((one) => ({ ...one, aside: false }));
      update();
      void fill();
    },
    defer: (reason) => {
      const { current } = state;
      if (current === undefined) return;
      take(current.task.id);
      update();
      api.release(current.task, reason).catch((error: unknown) => {
        if (isAway(error)) held = [{ claimed: current, aside: false }, ...held];
        refusal = error;
        update();
      });
      void fill();
    },
    undo: () => {
      const last = outgoing.at(-1);
      if (last === undefined || last.notBefore <= Date.now()) return;
      outgoing = outgoing.slice(0, -1);
      held = [{ claimed: last.claimed, aside: false }, ...held];
      done -= 1;
      update();
    },
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      globalThis.removeEventListener?.("online", online);
      const begun = (one: Held): boolean => {
        const draft = drafts[one.claimed.example.id];
        return draft !== undefined && isTouched(draft, one.claimed.example);
      };
      for (const one of held.filter((each) => !begun(each)))
        void api.release(one.claimed.task, undefined).catch(() => undefined);
      held = held.filter(begun);
      update();
      void send();
      storage.release();
    },
  };
}
