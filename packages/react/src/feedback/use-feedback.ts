"use client";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { type FeedbackTokenSource, useLearningSettings } from "../provider/learning-provider.tsx";
import {
  type FeedbackAnswers,
  type FeedbackDimension,
  NO_ANSWERS,
  type Vote,
  withRating,
  withVote,
} from "./answers.ts";
import { type FeedbackState, INITIAL_STATE } from "./store/feedback-store.ts";
import type { IssueCategory } from "./store/transport.ts";
import { resumeStored, retryAll, storeFor, type StoreSettings } from "./store/store-for.ts";

export interface UseFeedbackOptions {
  /** The execution that is judged: the caller's own id, or the server's. */
  executionId: string;
  /** The agent's id or slug. */
  agentId: string;
  /** What the agent answered: corrections start from it. */
  agentOutput?: string | undefined;
  /** Called each time that the server acknowledged what was said. */
  onFeedbackSubmitted?: ((feedback: { feedbackId: string }) => void) | undefined;
  /** Where feedback tokens come from; else the provider's, else the server on the page's own origin. */
  getToken?: FeedbackTokenSource | undefined;
}

/** What a person says of one execution, and how to say it. Every change is kept on the device first, then sent. */
export interface Feedback extends FeedbackState {
  agentOutput: string;
  /** Votes; null takes the vote back. */
  vote: (vote: Vote | null) => void;
  /** Stars, 1 to 5; null takes them back. */
  rate: (rating: number | null) => void;
  rateDimension: (dimension: FeedbackDimension, rating: number | null) => void;
  toggleIssue: (issue: string) => void;
  /** Keeps a text that is being written. */
  write: (draft: Partial<FeedbackState["draft"]>) => void;
  /** Sends a text as it is written. A correction that changes nothing is none. */
  send: (text: "comment" | "correction") => void;
  /** The organization's issue categories; undefined when they cannot be had. */
  loadCategories: () => Promise<IssueCategory[] | undefined>;
  /** Takes everything back. */
  undo: () => void;
  retry: () => void;
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  addEventListener("online", retryAll);
  document.addEventListener("visibilitychange", () => document.hidden || retryAll());
}

const subscribeToNothing = (): (() => void) => () => undefined;

/** The state of one execution's feedback without any markup: parts and hooks of the same execution share it. */
export function useFeedback({
  executionId,
  agentId,
  agentOutput = "",
  onFeedbackSubmitted,
  getToken,
}: UseFeedbackOptions): Feedback {
  const { baseUrl, apiKey, getToken: provided, fetch } = useLearningSettings();
  const settings = useMemo<StoreSettings>(
    () => ({
      baseUrl,
      fetch,
      getToken:
        getToken ??
        provided ??
        (apiKey === undefined || typeof apiKey === "function" ? apiKey : () => apiKey),
      onSubmitted: onFeedbackSubmitted && ((feedbackId) => onFeedbackSubmitted({ feedbackId })),
    }),
    [baseUrl, fetch, getToken, provided, apiKey, onFeedbackSubmitted],
  );
  // On a server there is no one store: it would be everybody's.
  const store = typeof window === "undefined" ? undefined : storeFor({ agentId, executionId }, settings);
  const state = useSyncExternalStore(
    store?.subscribe ?? subscribeToNothing,
    store?.get ?? (() => INITIAL_STATE),
    () => INITIAL_STATE,
  );
  useEffect(() => {
    listen();
    resumeStored(settings);
    store?.configure(settings);
  }, [store, settings]);

  const say = useCallback(
    (change: (answers: FeedbackAnswers) => FeedbackAnswers) => store?.say(change),
    [store],
  );
  return useMemo(
    () => ({
      ...state,
      agentOutput,
      vote: (vote) => say((answers) => withVote(answers, vote)),
      rate: (rating) => say((answers) => withRating(answers, rating)),
      rateDimension: (dimension, rating) =>
        say((answers) => {
          const { [dimension]: _before, ...dimensions } = answers.dimensions;
          return {
            ...answers,
            dimensions: rating === null ? dimensions : { ...dimensions, [dimension]: rating },
          };
        }),
      toggleIssue: (issue) =>
        say((answers) => {
          const others = answers.issues.filter((each) => each !== issue);
          return { ...answers, issues: others.length < answers.issues.length ? others : [...others, issue] };
        }),
      write: (draft) => store?.write(draft),
      send: (text) => {
        const written = (state.draft[text] ?? state.answers[text]).trim();
        const unchanged = text === "correction" && written === agentOutput.trim();
        say((answers) => ({ ...answers, [text]: unchanged ? "" : written }));
      },
      loadCategories: async () => store?.categories(),
      undo: () => {
        store?.write(INITIAL_STATE.draft);
        say(() => NO_ANSWERS);
      },
      retry: () => store?.retry(),
    }),
    [state, agentOutput, say, store],
  );
}
