import { useCurrentAgent } from "./use-current-agent.ts";

/** The slug of an agent that is known by its id, for addresses; the id itself until the agents are read, which works as well. */
export function useAgentSlug(agentId: string): string {
  const { agents } = useCurrentAgent();
  return agents?.find(({ id }) => id === agentId)?.slug ?? agentId;
}
