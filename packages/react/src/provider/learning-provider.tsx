"use client";
import { type Context, createContext, type JSX, type ReactNode, useContext, useMemo } from "react";

/** The execution that a feedback token is wanted for. */
export interface FeedbackTokenRequest {
  agentId: string;
  executionId: string;
}

/** Where a feedback token comes from: usually one call to the page's own server, which asks `/feedback-tokens`. */
export type FeedbackTokenSource = (request: FeedbackTokenRequest) => string | Promise<string>;

export interface LearningSettings {
  /** Where the learning server is. Empty: the page's own origin. */
  baseUrl: string;
  /** Key of the person who looks at dashboards and annotates, or how to get it at each request. */
  apiKey: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Where `FeedbackCollector` gets its short-lived tokens. */
  getToken: FeedbackTokenSource | undefined;
  fetch: typeof globalThis.fetch | undefined;
}

export const LearningContext: Context<LearningSettings> = createContext<LearningSettings>({
  baseUrl: "",
  apiKey: undefined,
  getToken: undefined,
  fetch: undefined,
});

export type LearningProviderProps = Partial<LearningSettings> & { children?: ReactNode };

/** Tells every hook and part below where the server is and who is asking. Nothing is needed on the server's own origin. */
export function LearningProvider({
  baseUrl = "",
  apiKey,
  getToken,
  fetch,
  children,
}: LearningProviderProps): JSX.Element {
  const settings = useMemo(() => ({ baseUrl, apiKey, getToken, fetch }), [baseUrl, apiKey, getToken, fetch]);
  return <LearningContext.Provider value={settings}>{children}</LearningContext.Provider>;
}

/** The settings of the nearest `LearningProvider`. */
export function useLearningSettings(): LearningSettings {
  return useContext(LearningContext);
}
