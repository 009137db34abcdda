import type { Environment } from "@agent-learning/contract";
import { createReranker, IDENTITY_RETRIEVAL } from "@agent-learning/learning";
import { findAgent } from "../../administration/agents/index.ts";
import { findActiveSplits, readServingPointer } from "../../administration/serving/index.ts";
import type { Context } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";
import {
  type ChunkingSetting,
  chunkingOf,
  type LoadedRanking,
  loadRanking,
  rankingOf,
} from "../../learning/index.ts";
import { assignedVersion } from "./assigned-version.ts";
import { selectRetrievalSettings } from "./store.ts";

const STORES_ORDER: LoadedRanking = {
  reranker: createReranker(IDENTITY_RETRIEVAL),
  expansion: undefined,
  fusion: undefined,
  adapter: undefined,
};

/** Whom something is ranked for. */
export interface RankingRequest {
  agent_id: string;
  environment: Environment;
  unit_id?: string | undefined;
  version_id?: string | undefined;
}

/** What a request is ranked by. */
export interface FoundRanking extends LoadedRanking {
  agentId: string;
  /** Null while nothing serves. */
  versionId: string | null;
  /** The artifact, or `store`. */
  rankerVersion: string;
  /** How the documents are cut for the version; undefined: as they are without it. */
  chunking: ChunkingSetting | undefined;
}

/**
 * The ranking of the version that was asked for, or that serves the unit, or that serves by default.
 * @throws ProblemError not-found for the agent, unprocessable for a version of another, conflict for an artifact that cannot be read
 */
export async function findRanking(ctx: Context, request: RankingRequest): Promise<FoundRanking> {
  const { environment, unit_id: unit } = request;
  const { agentId, version } = await ctx.transact(async (tenant) => {
    const { id } = await findAgent(tenant, request.agent_id, "body.agent_id");
    let versionId = request.version_id;
    if (versionId === undefined && unit !== undefined) {
      const active = await findActiveSplits(tenant, id, environment);
      // As in what the SDK is given: a paused experiment takes nobody.
      const splits = active.filter(({ split, status }) => split.kind === "rollout" || status === "running");
      versionId = assignedVersion(
        splits.map(({ split }) => split),
        unit,
      );
    }
    versionId ??= (await readServingPointer(tenant, id, environment))?.version_id;
    if (versionId === undefined) return { agentId: id, version: undefined };
    const retrieval = await selectRetrievalSettings(tenant, id, versionId);
    if (retrieval === undefined) throw unprocessable("body.version_id", "is not a version of this agent");
    return { agentId: id, version: { id: versionId, retrieval } };
  });
  const setting = version === undefined ? undefined : rankingOf(version);
  const ranking = setting === undefined ? STORES_ORDER : await loadRanking(ctx, setting);
  return {
    ...ranking,
    agentId,
    versionId: version?.id ?? null,
    rankerVersion: setting?.artifact_id ?? "store",
    chunking: version === undefined ? undefined : chunkingOf(version),
  };
}
