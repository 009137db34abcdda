import { type Candidate, candidateHash } from "../candidate.ts";
import { createDemonstrationsAgent, type DemonstrationsAgent } from "./create-demonstrations-agent.ts";

export interface DemonstrationsAgentCache {
  /** The agent of the candidate; `hash` spares hashing where the caller already has the candidate's hash. */
  agentFor(candidate: Candidate, hash?: string): DemonstrationsAgent;
}

/** Keeps the indexes of the `limit` most recently used candidates, so that each is built once. */
export function createDemonstrationsAgentCache({
  limit = 16,
}: { limit?: number } = {}): DemonstrationsAgentCache {
  const agents = new Map<string, DemonstrationsAgent>();
  return {
    agentFor(candidate, hash = candidateHash(candidate)) {
      const agent = agents.get(hash) ?? createDemonstrationsAgent(candidate);
      agents.delete(hash);
      agents.set(hash, agent);
      const oldest = agents.keys().next();
      if (agents.size > limit && !oldest.done) agents.delete(oldest.value);
      return agent;
    },
  };
}
