import { createHash } from "node:crypto";
import { analyse, type ChunkSettings, cutText } from "@agent-learning/learning";

/** How an agent's documents are cut: all alike, or some groups of them in their own way. */
export interface ChunkingSettings extends ChunkSettings {
  /** The field of a document's metadata that says which group it is of. */
  group_by?: string;
  groups?: Record<string, ChunkSettings>;
}

/** How a document of this metadata is cut. */
export function settingsOf(
  { size, overlap, group_by: field, groups = {} }: ChunkingSettings,
  metadata: unknown,
): ChunkSettings {
  const group = field === undefined ? undefined : groupOf(metadata, field);
  return (
    (group !== undefined && Object.hasOwn(groups, group) ? groups[group] : undefined) ?? { size, overlap }
  );
}

/** The group that a document is of, where its metadata names one. */
export function groupOf(metadata: unknown, field: string): string | undefined {
  const value: unknown =
    typeof metadata === "object" && metadata !== null && Object.hasOwn(metadata, field)
      ? Reflect.get(metadata, field)
      : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A chunk as it is stored. */
export interface NewChunk {
  chunk_key: string;
  position: number;
  start_offset: number;
  end_offset: number;
  body: string;
  term_count: number;
  terms: Record<string, number>;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** What of a document tells whether it must be indexed again. */
export function documentHash(title: string, text: string): string {
  return createHash("sha256")
    .update(JSON.stringify([title, text]))
    .digest("hex");
}

/**
 * A document's chunks with their terms; the title's count with each chunk. A chunk is named by the document and its own words, so that what
 * was learned of it holds as long as it says the same; the second chunk of the same words has a number.
 */
export function cutDocument(
  document: { external_id: string; title: string; body: string },
  settings: ChunkSettings,
): NewChunk[] {
  const titleTerms = analyse(document.title);
  const seen = new Map<string, number>();
  return cutText(document.body, settings).map(({ start, end }, position) => {
    const body = document.body.slice(start, end);
    const terms = new Map<string, number>();
    const all = [...titleTerms, ...analyse(body)];
    for (const term of all) terms.set(term, (terms.get(term) ?? 0) + 1);
    const name = `${document.external_id}#${digest(JSON.stringify([document.title, body]))}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return {
      chunk_key: times === 1 ? name : `${name}-${times}`,
      position,
      start_offset: start,
      end_offset: end,
      body,
      term_count: all.length,
      terms: Object.fromEntries(terms),
    };
  });
}
