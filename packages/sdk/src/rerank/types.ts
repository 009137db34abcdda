import type { LearningError } from "../errors.ts";
import type { Learning } from "../learning/learning.ts";
import type { Fetch } from "../transport/fetch.ts";

/** What a store found. */
export interface RerankCandidate {
  chunkId: string;
  /** The store's own, higher is better, in any unit. */
  score: number;
  /** How well it matches by a measure that means the same for all queries: a cosine, or BM25 over what a perfect match would reach. */
  match?: number | undefined;
}

export interface RerankedChunk {
  chunkId: string;
  /** 1 is the first, before and now. */
  rank: number;
  rankBefore: number;
  /** The store's own score, to be recorded with the retrieval: what is learned next is learned from it. */
  score: number;
}

export interface Reranking {
  /** All candidates and no other, best first. */
  chunks: RerankedChunk[];
  /** Chunks that like queries led to and that are not among the candidates, best first. */
  recalled: string[];
  versionId: string | null;
  /** To be recorded as the retrieval's `rankerVersion`: the artifact, or `store` where the store's order stands. */
  rankerVersion: string;
}

export interface RerankOptions {
  /** Whom it is for: experiments and rollouts divide by it, as in `learning.resolve`. Without it the default version ranks. */
  unit?: string | undefined;
  /** How many chunks to recall; default 0. */
  recall?: number | undefined;
}

/** Where rankings are kept for a restart while the server is away; `createRankingStore` of the SDK keeps them in a folder. */
export interface RankingStore {
  read: (id: string) => Promise<string | undefined>;
  write: (id: string, text: string) => Promise<void>;
  /** What the server does not have any more. */
  forget: (id: string) => Promise<void>;
}

export interface LocalRerankerOptions {
  /** Says which version ranks. */
  learning: Learning;
  /** Of the server, as for `createLearning`. */
  baseUrl: string;
  key: string | (() => string | Promise<string>);
  fetch?: Fetch | undefined;
  /** For one request; default 30,000 ms. */
  requestTimeoutMilliseconds?: number | undefined;
  /**
   * Keeps what was fetched. The server is asked first all the same: where a person was erased, their words are no longer in what it gives.
   */
  store?: RankingStore | undefined;
  /** Told of artifacts that cannot be had. */
  onError?: ((error: LearningError) => void) | undefined;
}

export interface LocalReranker {
  /**
   * Puts candidates in the order that the unit's version has learned. Synchronous, local, never throws: while the version's artifact is
   * not here, and for a version that has learned none, the store's order stands.
   */
  rerank: (query: string, candidates: readonly RerankCandidate[], options?: RerankOptions) => Reranking;
  /** Resolves true when the artifact of every version in service is here, false when one is not after the time (10,000 ms). */
  ready: (timeoutMilliseconds?: number) => Promise<boolean>;
  /** Asks for nothing more. */
  close: () => void;
}
