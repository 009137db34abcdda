import { createReranker, IDENTITY_RETRIEVAL } from "@agent-learning/learning/reranker";
import { LearningError, messageOf, type LearningErrorKind } from "../errors.ts";
import type { Resolution } from "../serving/types.ts";
import { createArtifactCache } from "./artifact-cache.ts";
import { artifactOf } from "./read-ranking.ts";
import type { LocalReranker, LocalRerankerOptions, RerankCandidate, Reranking } from "./types.ts";

export { LearningError, type LearningErrorKind };
export type {
  LocalReranker,
  LocalRerankerOptions,
  RankingStore,
  RerankCandidate,
  RerankedChunk,
  Reranking,
  RerankOptions,
} from "./types.ts";

const REQUEST_MILLISECONDS = 30_000;
const READY_MILLISECONDS = 10_000;

const storesOrder = createReranker(IDENTITY_RETRIEVAL);

/**
 * Ranks in the agent's own process by what the versions in service have learned. Fetches their artifacts as they come into service.
 * @throws TypeError without a base URL
 */
export function createLocalReranker(options: LocalRerankerOptions): LocalReranker {
  const { learning, key, requestTimeoutMilliseconds = REQUEST_MILLISECONDS } = options;
  if (typeof options.baseUrl !== "string" || options.baseUrl === "")
    throw new TypeError("baseUrl is missing");
  const report = (error: LearningError): void => {
    try {
      options.onError?.(error);
    } catch {
      // The agent's own callback broke; there is nobody left to tell.
    }
  };
  const cache = createArtifactCache({
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    key,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMilliseconds: requestTimeoutMilliseconds,
    store: options.store,
    report,
  });
  const inService = (): string[] => {
    const versions =
      learning.configuration()?.versions ?? new Map<string, NonNullable<Resolution["version"]>>();
    return [...versions.values()].flatMap(({ config }) => artifactOf(config.retrieval) ?? []);
  };
  const loadAll = async (): Promise<void> => {
    await Promise.all(inService().map((id) => cache.load(id)));
  };
  const forget = learning.onConfiguration(() => void loadAll());
  void loadAll();

  const resolve = (unit: string | undefined): Pick<Resolution, "version" | "versionId"> => {
    if (unit !== undefined) return learning.resolve(unit);
    const { defaultVersionId = null, versions } = learning.configuration() ?? {};
    return {
      versionId: defaultVersionId,
      version: defaultVersionId === null ? null : (versions?.get(defaultVersionId) ?? null),
    };
  };

  return {
    rerank: (query, candidates, { unit, recall = 0 } = {}) => {
      const { version, versionId } = resolve(unit);
      const artifactId = artifactOf(version?.config.retrieval);
      const reranker = artifactId === undefined ? undefined : cache.get(artifactId);
      try {
        const used = reranker ?? storesOrder;
        const rankerVersion = reranker === undefined ? "store" : (artifactId ?? "store");
        return { ...order(used, query, candidates, recall), versionId, rankerVersion };
      } catch (error) {
        report(
          new LearningError("invalid", `The store's order stands: ${messageOf(error)}.`, { cause: error }),
        );
        return { ...asGiven(candidates), versionId, rankerVersion: "store" };
      }
    },
    ready: async (timeoutMilliseconds = READY_MILLISECONDS) => {
      const until = Date.now() + timeoutMilliseconds;
      if (!(await learning.ready(timeoutMilliseconds))) return false;
      const late = new Promise<void>((done) => {
        setTimeout(done, Math.max(0, until - Date.now()));
      });
      await Promise.race([loadAll(), late]);
      return inService().every((id) => cache.get(id) !== undefined);
    },
    close: () => {
      forget();
      cache.close();
    },
  };
}

function order(
  reranker: ReturnType<typeof createReranker>,
  query: string,
  candidates: readonly RerankCandidate[],
  recall: number,
): Pick<Reranking, "chunks" | "recalled"> {
  const scores = new Map(candidates.map(({ chunkId, score }) => [chunkId, score]));
  const ranked = reranker.rerank(
    query,
    candidates.map(({ chunkId: chunk, score, match }) => ({ chunk, score, match })),
  );
  const recalled =
    recall > 0
      ? reranker
          .recall(query, recall + scores.size)
          .filter((chunk) => !scores.has(chunk))
          .slice(0, recall)
      : [];
  return {
    chunks: ranked.map(({ chunk, rank, rankBefore }) => ({
      chunkId: chunk,
      rank,
      rankBefore,
      score: scores.get(chunk) ?? 0,
    })),
    recalled,
  };
}

const asGiven = (candidates: readonly RerankCandidate[]): Pick<Reranking, "chunks" | "recalled"> => ({
  chunks: [...candidates].map(({ chunkId, score }, index) => ({
    chunkId,
    score,
    rank: index + 1,
    rankBefore: index + 1,
  })),
  recalled: [],
});
