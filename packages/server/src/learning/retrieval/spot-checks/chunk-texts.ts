import type { TenantContext } from "../../../context.ts";
import { readIndex, readTextsByKey } from "../../../curation/documents/index.ts";
import { readExcerpts } from "./store.ts";

/** A chunk as people read it; without title and text where it lies in a store of the agent's own. */
export interface ReadableChunk {
  chunk_id: string;
  document_id: string | null;
  title: string | null;
  text: string | null;
}

/** Letters of a chunk that people are shown. */
const LONGEST = 1_500;

/** The beginning of a long text; not half of a character that takes two code units. */
const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/u, "")} …` : text;

/**
 * What these chunks say: as the agent's documents here have them, or, where they lie in a store of its own, as these retrievals told.
 */
export async function readChunks(
  ctx: TenantContext,
  agentId: string,
  chunkingId: string | undefined,
  keys: readonly string[],
  retrievalIds: readonly string[],
): Promise<Map<string, ReadableChunk>> {
  const found = new Map<string, ReadableChunk>();
  for (const [key, text] of await readExcerpts(ctx, retrievalIds))
    found.set(key, { chunk_id: key, document_id: null, title: null, text: shortened(text) });
  const index = await readIndex(ctx, agentId, chunkingId);
  if (index === undefined || keys.length === 0) return found;
  for (const row of await readTextsByKey(ctx, index.chunkingId, [...new Set(keys)])) {
    const { chunk_key: key, document_id: document, title, body } = row;
    const text = shortened(body);
    found.set(key, { chunk_id: key, document_id: document, title: title === "" ? null : title, text });
  }
  return found;
}

/** Chunks one below the other, as a person who compares two orders reads them. */
export function orderAsText(keys: readonly string[], chunks: ReadonlyMap<string, ReadableChunk>): string {
  return keys
    .map((key, place) => {
      const chunk = chunks.get(key);
      const name = chunk?.title ?? key;
      return chunk?.text == null ? `${place + 1}. ${name}` : `${place + 1}. ${name}\n${chunk.text}`;
    })
    .join("\n\n");
}
