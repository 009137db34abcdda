import type { RetrievalArtifact } from "@agent-learning/learning";

/** How much of what was learned about chunks came over to their successors. */
export interface Carried {
  remembered: number;
  relevance: number;
  /** Memories and relevances of chunks that no new chunk stands for. */
  left: number;
}

/** Names of all chunks that an artifact knows something of. */
export function chunksOf({ memory, relevance }: RetrievalArtifact): string[] {
  return [...new Set([...memory.map(({ chunk }) => chunk), ...Object.keys(relevance)])];
}

/**
 * What was learned of chunks, for the chunks that stand in their place. Where several become one, the strongest evidence stands: their
 * sum would be sure of what none of them was.
 */
export function carryArtifact(
  artifact: RetrievalArtifact,
  successors: ReadonlyMap<string, string>,
): { artifact: RetrievalArtifact; carried: Carried } {
  const memory = artifact.memory.flatMap((pair) => {
    const chunk = successors.get(pair.chunk);
    return chunk === undefined ? [] : [{ ...pair, chunk }];
  });
  const relevance = new Map<string, number>();
  let left = artifact.memory.length - memory.length;
  for (const [name, logOdds] of Object.entries(artifact.relevance)) {
    const chunk = successors.get(name);
    if (chunk === undefined) left += 1;
    else if (Math.abs(logOdds) > Math.abs(relevance.get(chunk) ?? 0)) relevance.set(chunk, logOdds);
  }
  return {
    artifact: { ...artifact, memory, relevance: Object.fromEntries(relevance) },
    carried: { remembered: memory.length, relevance: relevance.size, left },
  };
}
