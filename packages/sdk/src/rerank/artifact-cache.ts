import { createReranker, type Reranker, type RetrievalArtifact } from "@agent-learning/learning/reranker";
import { LearningError, messageOf } from "../errors.ts";
import { isObject, parseJson } from "../json.ts";
import { systemClock } from "../transport/clock.ts";
import type { Fetch } from "../transport/fetch.ts";
import { request } from "../transport/request.ts";
import type { RankingStore } from "./types.ts";

/** Artifacts that are kept: those of the arms of a split and what served before. */
const MOST = 8;
const RETRY_MILLISECONDS = 30_000;
const LIMIT_BYTES = 64 * 1024 * 1024;

export interface ArtifactCacheOptions {
  baseUrl: string;
  key: string | (() => string | Promise<string>);
  fetch: Fetch;
  timeoutMilliseconds: number;
  store: RankingStore | undefined;
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
  /** From the last time that the server was there; used until it is again. */
  stored: Reranker | undefined;
  loading: Promise<void> | undefined;
  retryAt: number;
}

/** @throws Error for a text that is no artifact, or of another format */
function toReranker(text: string): Reranker {
  const artifact = parseJson(text);
  if (!isObject(artifact)) throw new Error("it is no ranking");
  return createReranker(artifact as unknown as RetrievalArtifact);
}

/** Artifacts never change, so one that is here is asked for no more; one that cannot be had is asked for again after half a minute. */
export function createArtifactCache(options: ArtifactCacheOptions): ArtifactCache {
  const { baseUrl, key, fetch, timeoutMilliseconds, store, report } = options;
  const entries = new Map<string, Entry>();
  const ending = new AbortController();

  const fetchText = async (id: string): Promise<string> => {
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
    // The server knows it no more, or will not give it to this key: neither is a reason to go on with a copy.
    if ([401, 403, 404].includes(answer.status)) await keep(() => store?.forget(id));
    if (answer.status !== 200) throw new Error(`the server answered ${answer.status}`);
    return answer.text;
  };

  /** A store that does not work costs a restart without the server, and nothing else. */
  const keep = async (work: () => Promise<void> | undefined): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const message = `the ranking is not kept for a restart: ${messageOf(error)}`;
      report(new LearningError("storage", message, { cause: error }));
    }
  };

  const readStored = async (id: string): Promise<Reranker | undefined> => {
    let found: Reranker | undefined;
    await keep(async () => {
      const text = await store?.read(id);
      if (text !== undefined) found = toReranker(text);
    });
    return found;
  };

  const read = async (id: string, entry: Entry): Promise<void> => {
    try {
      const text = await fetchText(id);
      entry.reranker = toReranker(text);
      await keep(() => store?.write(id, text));
    } catch (error) {
      entry.retryAt = Date.now() + RETRY_MILLISECONDS;
      if (ending.signal.aborted) return;
      entry.stored = await readStored(id);
      const stands = entry.stored === undefined ? "The store's order stands" : "The kept ranking goes on";
      const message = `${stands}: the ranking ${id} cannot be had, ${messageOf(error)}.`;
      report(new LearningError("unavailable", message, { cause: error }));
    }
  };

  const load = async (id: string): Promise<void> => {
    const known = entries.get(id);
    if (known?.reranker !== undefined || ending.signal.aborted) return;
    if (known?.loading !== undefined) return known.loading;
    if (known !== undefined && known.retryAt > Date.now()) return;
    const entry: Entry = { reranker: undefined, stored: known?.stored, loading: undefined, retryAt: 0 };
    entries.delete(id);
    entries.set(id, entry);
    if (entries.size > MOST) entries.delete(entries.keys().next().value ?? "");
    entry.loading = read(id, entry).finally(() => (entry.loading = undefined));
    return entry.loading;
  };

  return {
    get: (id) => {
      const entry = entries.get(id);
      if (entry?.reranker === undefined) void load(id);
      return entry?.reranker ?? entry?.stored;
    },
    load,
    close: () => ending.abort(),
  };
}
