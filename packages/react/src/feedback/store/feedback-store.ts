import { newKey } from "../../client/new-key.ts";
import { type FeedbackAnswers, isVote, NO_ANSWERS, toContent, type WireContent } from "../answers.ts";
import type { Refusal, Transport } from "./transport.ts";

/** `waiting`: kept on this device until the server can be reached. */
export type FeedbackStatus = "idle" | "saving" | "saved" | "waiting" | "refused";

export interface FeedbackState {
  answers: FeedbackAnswers;
  /** Texts that are being written: kept, not sent. Null: not touched. */
  draft: { comment: string | null; correction: string | null };
  status: FeedbackStatus;
  /** Why it was refused. */
  message: string | undefined;
  /** The feedback as the server knows it. */
  feedbackId: string | undefined;
}

/** Where what was said stays until the server has it, and after a reload. */
export interface FeedbackStorage {
  read(): string | null;
  write(text: string): void;
}

export interface FeedbackStore {
  get: () => FeedbackState;
  subscribe: (listener: () => void) => () => void;
  /** Says something else, and sends it. */
  say(change: (answers: FeedbackAnswers) => FeedbackAnswers): void;
  /** Keeps a text that is being written. */
  write(draft: Partial<FeedbackState["draft"]>): void;
  /** Tries now instead of when it is due. */
  retry(): void;
}

/** What is kept. Derived from it: something is due while `attempt` is there or `sent` differs from what is said. */
interface Kept {
  answers: FeedbackAnswers;
  draft: FeedbackState["draft"];
  /** What the server acknowledged last. `leaving`: it may be withdrawn already. */
  sent?: { id: string; content: WireContent; leaving?: boolean } | undefined;
  /** What was sent without an answer yet: it may have arrived. */
  attempt?: { key: string; content: WireContent } | undefined;
  refused?: { message: string; content: WireContent | null } | undefined;
}

export const INITIAL_STATE: FeedbackState = {
  answers: NO_ANSWERS,
  draft: { comment: null, correction: null },
  status: "idle",
  message: undefined,
  feedbackId: undefined,
};

const LONGEST_WAIT = 60_000;

const same = (a: WireContent | null | undefined, b: WireContent | null | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function read(storage: FeedbackStorage): Kept {
  try {
    const kept = JSON.parse(storage.read() ?? "") as Kept;
    return {
      ...kept,
      answers: { ...NO_ANSWERS, ...kept.answers },
      draft: { ...INITIAL_STATE.draft, ...kept.draft },
    };
  } catch {
    return { answers: NO_ANSWERS, draft: INITIAL_STATE.draft };
  }
}

/**
 * One person's feedback on one execution: what they say now, and the steps that bring the server there. Each click is kept
 * first and sent then; a lost answer is asked for again under its key, so that nothing is stored twice.
 * @param onSubmitted called after each acknowledgement
 */
export function createFeedbackStore(
  transport: Transport,
  storage: FeedbackStorage,
  onSubmitted: (feedbackId: string) => void = () => undefined,
): FeedbackStore {
  const listeners = new Set<() => void>();
  const kept = read(storage);
  let state: FeedbackState = INITIAL_STATE;
  let running = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isDue = (): boolean => {
    const wanted = toContent(kept.answers);
    if (kept.refused && same(kept.refused.content, wanted)) return false;
    return kept.attempt !== undefined || kept.sent?.leaving === true || !same(kept.sent?.content, wanted);
  };

  function show(status: FeedbackStatus): void {
    storage.write(JSON.stringify(kept));
    const { answers, draft, sent, refused } = kept;
    state = { answers, draft, status, message: refused?.message, feedbackId: sent?.id };
    for (const listener of listeners) listener();
  }

  const settled = (): FeedbackStatus => (kept.refused ? "refused" : kept.sent ? "saved" : "idle");

  async function submit(content: WireContent): Promise<void> {
    if (!same(kept.attempt?.content, content)) kept.attempt = { key: newKey(), content };
    show("saving");
    const id = await transport.submit(content, (kept.attempt as { key: string }).key);
    kept.sent = { id, content };
    kept.attempt = undefined;
    onSubmitted(id);
  }

  /** One request towards what is said. Only a vote amends a vote: anything else is withdrawn before the next is sent. */
  async function step(): Promise<void> {
    const wanted = toContent(kept.answers);
    const amends = (content: WireContent): boolean => isVote(content) && wanted !== null && isVote(wanted);
    const { attempt, sent } = kept;
    if (attempt && !same(attempt.content, wanted) && !amends(attempt.content)) return submit(attempt.content);
    if (sent && (sent.leaving === true || (!same(sent.content, wanted) && !amends(sent.content)))) {
      sent.leaving = true;
      show("saving");
      await transport.withdraw(sent.id);
      kept.sent = undefined;
    } else if (wanted) await submit(wanted);
  }

  async function sync(): Promise<void> {
    if (running) return;
    running = true;
    clearTimeout(timer);
    try {
      while (isDue()) {
        show("saving");
        await step();
        failures = 0;
      }
      show(settled());
    } catch (error) {
      const { retry, message, wait } = error as Refusal;
      if (retry) {
        failures += 1;
        timer = setTimeout(() => void sync(), Math.max(wait, Math.min(LONGEST_WAIT, 1_000 * 2 ** failures)));
        show("waiting");
      } else {
        kept.attempt = undefined;
        kept.refused = { message, content: toContent(kept.answers) };
        show("refused");
      }
    }
    running = false;
  }

  const due = isDue();
  state = { ...state, answers: kept.answers, draft: kept.draft, feedbackId: kept.sent?.id };
  state.status = due ? "waiting" : settled();
  state.message = kept.refused?.message;
  if (due) void sync();

  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say: (change) => {
      kept.answers = change(kept.answers);
      kept.refused = undefined;
      show(running ? state.status : settled());
      void sync();
    },
    write: (draft) => {
      kept.draft = { ...kept.draft, ...draft };
      show(state.status);
    },
    retry: () => void (isDue() && sync()),
  };
}
