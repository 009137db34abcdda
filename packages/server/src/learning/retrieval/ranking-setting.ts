import type { AgentVersionConfig } from "@agent-learning/contract";
import { z } from "zod";

/** Which artifact a version ranks by: `retrieval.ranking` of its config. */
export interface RankingSetting {
  artifact_id: string;
  /** SHA-256 of the artifact as it was learned: the version's content. */
  content_hash: string;
  /** Format of the artifact; another number needs another reader. */
  format: number;
}

const schema: z.ZodType<RankingSetting> = z.object({
  artifact_id: z.uuid(),
  content_hash: z.string(),
  format: z.number().int(),
});

/** The artifact that a version ranks by; undefined where it leaves the store's order as it is. */
export function rankingOf(config: Pick<AgentVersionConfig, "retrieval">): RankingSetting | undefined {
  return schema.safeParse(config.retrieval["ranking"]).data;
}

/** The version with another ranking and everything else as it is. */
export function withRanking(config: AgentVersionConfig, ranking: RankingSetting): AgentVersionConfig {
  return { ...config, retrieval: { ...config.retrieval, ranking: { ...ranking } } };
}
