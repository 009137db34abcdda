import { useVersions } from "@agent-learning/react/query";
import { useCurrentAgent } from "./use-current-agent.ts";

/** How an agent's versions are called: `Version 3`; `A version` while that is not known. */
export function useVersionNames(agentId: string | undefined): (versionId: string) => string {
  const { agents } = useCurrentAgent();
  const slug = agents?.find(({ id }) => id === agentId)?.slug;
  const { data } = useVersions(slug ?? "", { limit: 200 }, { enabled: slug !== undefined });
  return (versionId) => {
    const number = data?.find(({ id }) => id === versionId)?.number;
    return number === undefined ? "A version" : `Version ${number}`;
  };
}
