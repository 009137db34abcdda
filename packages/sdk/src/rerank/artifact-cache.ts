import { createReranker, type Reranker, type RetrievalArtifact } from "@agent-learning/learning/reranker";
import { LearningError, messageOf } from "../errors.ts";
import { isObject, parseJson } from "../json.ts";
import { systemClock } from "../transport/clock.ts";
import type { Fetch } from "../transport/fetch.ts";
import { request } from "../transport/request.ts";

/** Artifacts that are kept: those of the arms of a split and what served before. */
const MOST = 8;
const RETRY_MILLISECONDS = 30_000;
const LIMIT_BYTES = 64 * 1024 * 1024;

export interface ArtifactCacheOptions {
  baseUrl: string;
  key: string | (() => string | Promise<string>);
  fetch: Fetch;
  timeoutMilliseconds: number;
  report: (error: LearningError) => void;
}

export interface ArtifactCache {
  /** The reranker of an artifact; undefined while it is not here, which is when it is fetched. */
  get(id: string): Reranker | undefined;
  /** Resolves when the artifact is here, or was just found not to be had. */
  load(id: string): Promise<void>;
  close(): void;
}

interface Entry {
  reranker: Reranker | undefined;
  loading: Promise<void> | undefined;
  retryAt: number;
}

/** Artifacts never change, so one that is here is asked for no more; one that cannot be had is asked for again after half a minute. */
export function createArtifactCache(options: ArtifactCacheOptions): ArtifactCache {
  const { baseUrl, key, fetch, timeoutMilliseconds, report } = options;
  const entries = new Map<string, Entry>();
  const ending = new AbortController();

  const read = async (id: string, entry: Entry): Promise<void> => {
    try {
      const authorization = `Bearer ${typeof key === "string" ? key : await key()}`;
      const answer = await request({
        fetch,
        clock: systemClock,
        url: `${baseUrl}/api/learning/retrieval-artifacts/${encodeURIComponent(id)}`,
        init: { method: "GET", headers: { accept: "application/json", authorization } },
        timeoutMilliseconds,
        limitBytes: LIMIT_BYTES,
        signal: ending.signal,
      });
      const artifact = answer.status === 200 ? parseJson(answer.text) : undefined;
      if (!isObject(artifact)) throw new Error(`the server answered ${answer.status}`);
      entry.reranker = createReranker(artifact as unknown as RetrievalArtifact);
    } catch (error) {
      entry.retryAt = Date.now() + RETRY_MILLISECONDS;
      if (ending.signal.aborted) return;
      const message = `The store's order stands: the ranking ${id} cannot be had, ${messageOf(error)}.`;
      report(new LearningError("unavailable", message, { cause: error }));
    }
  };

  const load = async (id: string): Promise<void> => {
    const known = entries.get(id);
    if (known?.reranker !== undefined || ending.signal.aborted) return;
    if (known?.loading !== undefined) return known.loading;
    if (known !== undefined && known.retryAt > Date.now()) return;
    const entry: Entry = { reranker: undefined, loading: undefined, retryAt: 0 };
    entries.delete(id);
    entries.set(id, entry);
    if (entries.size > MOST) entries.delete(entries.keys().next().value ?? "");
    entry.loading = read(id, entry).finally(() => (entry.loading = undefined));
    return entry.loading;
  };

  return {
    get: (id) => {
      const reranker = entries.get(id)?.reranker;
      if (reranker === undefined) void load(id);
      return reranker;
    },
    load,
    close: () => ending.abort(),
  };
}
