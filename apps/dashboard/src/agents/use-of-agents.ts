import { type LearningClient, type LearningListQuery, useLearningClient } from "@agent-learning/react/query";
import { useQueries } from "@tanstack/react-query";
import type { Page } from "@agent-learning/react/query";
import type { Agent } from "../api/types.ts";

/** More agents than this are not asked one by one. */
const MOST_AGENTS = 12;

interface Options<T> {
  agents: readonly Agent[];
  queryOf: (client: LearningClient, agentId: string) => LearningListQuery<T>;
  refetchInterval: number;
}

/** The first page of a list of several agents together; undefined until every one has answered. */
export function useOfAgents<T>({ agents, queryOf, refetchInterval }: Options<T>): T[] | undefined {
  const client = useLearningClient();
  return useQueries({
    queries: agents.slice(0, MOST_AGENTS).map((agent) => {
      const { queryKey, queryFn } = queryOf(client, agent.slug);
      return {
        queryKey: [...queryKey, "first-page"],
        queryFn: async (context: object): Promise<T[]> => {
          const first = (await (queryFn as (context: object) => Promise<Page<T>>)({
            ...context,
            pageParam: undefined,
          })) as Page<T>;
          return first.data;
        },
        refetchInterval,
      };
    }),
    combine: (answers) =>
      answers.some(({ data, error }) => data === undefined && error === null)
        ? undefined
        : answers.flatMap(({ data }) => data ?? []),
  });
}
