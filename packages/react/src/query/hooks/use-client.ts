"use client";
import { QueryClient, QueryClientContext } from "@tanstack/react-query";
import { useContext } from "react";
import { LearningApiError } from "../../client/learning-api-error.ts";
import { createLearningClient, type LearningClient } from "../../client/learning-client.ts";
import { type LearningSettings, useLearningSettings } from "../../provider/learning-provider.tsx";

const clients = new WeakMap<LearningSettings, LearningClient>();

/** The client of the nearest `LearningProvider`; of the page's own origin without one. */
export function useLearningClient(): LearningClient {
  const settings = useLearningSettings();
  const client = clients.get(settings) ?? createLearningClient(settings);
  clients.set(settings, client);
  return client;
}

const MAXIMUM_ATTEMPTS = 3;

function mayRetry(failures: number, error: unknown): boolean {
  if (!LearningApiError.isInstance(error)) return false;
  return failures < MAXIMUM_ATTEMPTS && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** A query client that repeats only what a repetition can mend, and waits as long as the server asks. */
export function createLearningQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: mayRetry,
        retryDelay: (attempt, error) =>
          1_000 *
          ((LearningApiError.isInstance(error) ? error.retryAfterSeconds : undefined) ?? 2 ** attempt),
      },
    },
  });
}

let shared: QueryClient | undefined;

/** The page's own query client, or one that the hooks share where the page has none. */
export function useLearningQueryClient(): QueryClient {
  const own = useContext(QueryClientContext);
  if (own !== undefined) return own;
  shared ??= createLearningQueryClient();
  return shared;
}
