import { useAgents } from "@agent-learning/react/query";
import { useSearch } from "@tanstack/react-router";
import type { Agent } from "../api/types.ts";

/** Agents that the picker shows at most. */
export const MOST_AGENTS = 200;

export interface CurrentAgent {
  /** Undefined while the list is loading, or when there is none. */
  agents: Agent[] | undefined;
  /** The one that the address names, else the first. */
  agent: Agent | undefined;
  /** False while the address names none. */
  chosen: boolean;
  error: unknown;
}

/** The agent that a page is about: `?agent=slug` in its address. */
export function useCurrentAgent(): CurrentAgent {
  const { agent: wanted } = useSearch({ strict: false });
  const { data, error } = useAgents({ limit: MOST_AGENTS });
  const agents = data?.filter(({ archivedAt }) => archivedAt === null);
  const named = data?.find(({ slug, id }) => slug === wanted || id === wanted);
  return { agents, agent: named ?? agents?.[0], chosen: wanted !== undefined, error };
}
