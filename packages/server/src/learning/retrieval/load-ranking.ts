import {
  createReranker,
  type QueryExpansion,
  type Reranker,
  type RetrievalArtifact,
  RETRIEVAL_ARTIFACT_FORMAT,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { perServices } from "../../per-services.ts";
import { conflict } from "../../http/index.ts";
import type { RankingSetting } from "./ranking-setting.ts";
import { readArtifact } from "./store.ts";

/** An artifact, ready for use. */
export interface LoadedRanking {
  reranker: Reranker;
  /** Terms that a search adds to a query's own. */
  expansion: QueryExpansion | undefined;
  /** Weights of words and embeddings in a search. */
  fusion: readonly number[] | undefined;
  /** What moves a query's embedding before a search. */
  adapter: RetrievalArtifact["adapter"];
}

const MOST = 50;
/** An artifact never changes but when a person is erased: so long their words may still be used. */
const MILLISECONDS = 60_000;

const loaded = perServices(() => new Map<string, { ranking: Promise<LoadedRanking>; until: number }>());

/**
 * An artifact ready for use, kept for a minute.
 * @throws ProblemError conflict where this server cannot read the artifact
 */
export async function loadRanking(ctx: Context, setting: RankingSetting): Promise<LoadedRanking> {
  const cache = loaded(ctx.services);
  const key = `${ctx.organizationId}:${setting.artifact_id}`;
  const known = cache.get(key);
  if (known !== undefined && known.until > performance.now()) return known.ranking;
  const ranking = read(ctx, setting);
  cache.delete(key);
  cache.set(key, { ranking, until: performance.now() + MILLISECONDS });
  if (cache.size > MOST) cache.delete(cache.keys().next().value ?? "");
  ranking.catch(() => cache.delete(key));
  return ranking;
}

async function read(ctx: Context, { artifact_id: id, format }: RankingSetting): Promise<LoadedRanking> {
  if (format !== RETRIEVAL_ARTIFACT_FORMAT) {
    throw conflict(
      `The version ranks by an artifact of format ${format}, and this server reads format ${RETRIEVAL_ARTIFACT_FORMAT}. Learn a ranking anew, or go back to the version before.`,
    );
  }
  const found = await ctx.transact((tenant) => readArtifact(tenant, id));
  if (found === undefined)
    throw conflict("The version ranks by an artifact that is not there. Go back to the version before.");
  const { expansion, fusion, adapter } = found.artifact;
  return { reranker: createReranker(found.artifact), expansion, fusion, adapter };
}
