import {
  agentListQuery,
  annotationStatsQuery,
  createLearningClient,
  learningStatsQuery,
} from "@agent-learning/react/query";
import type { QueryClient } from "@tanstack/react-query";
import { MOST_AGENTS } from "../agents/use-current-agent.ts";
import { DEFAULT_DAYS } from "../pages/overview/default-days.ts";
import { router } from "../router.tsx";

/**
 * Asks at once for what the first page will ask for: the agents, the page's own script and, of the overview, its numbers. Otherwise
 * each would wait until the one before has answered: who is signed in, then the script, then the agents.
 */
export function prefetchFirstView(queries: QueryClient, apiKey: string): void {
  const client = createLearningClient({ apiKey });
  void queries.prefetchInfiniteQuery(agentListQuery(client, { limit: MOST_AGENTS }) as never);
  // The page of an address that is not there says so by itself.
  void router.load().catch(() => undefined);
  if (location.pathname !== "/") return;
  const search = new URLSearchParams(location.search);
  const agentId = search.get("agent") ?? undefined;
  const days = Number(search.get("days") ?? DEFAULT_DAYS);
  void queries.prefetchQuery(learningStatsQuery(client, { agentId, days }));
  void queries.prefetchQuery(annotationStatsQuery(client, { agentId }));
}
