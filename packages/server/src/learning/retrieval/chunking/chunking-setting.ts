import type { AgentVersionConfig } from "@agent-learning/contract";
import { z } from "zod";

/** How documents are cut for a version, and how many chunks are shown: `retrieval.chunking` of its config. */
export interface ChunkingSetting {
  chunking_id: string;
  shown: number;
}

const schema: z.ZodType<ChunkingSetting> = z.object({
  chunking_id: z.uuid(),
  shown: z.number().int().min(1).max(100),
});

/** Undefined where the version searches the live index. */
export function chunkingOf(config: Pick<AgentVersionConfig, "retrieval">): ChunkingSetting | undefined {
  return schema.safeParse(config.retrieval["chunking"]).data;
}

/** The version with another chunking and everything else as it is. */
export function withChunking(config: AgentVersionConfig, chunking: ChunkingSetting): AgentVersionConfig {
  return { ...config, retrieval: { ...config.retrieval, chunking: { ...chunking } } };
}
