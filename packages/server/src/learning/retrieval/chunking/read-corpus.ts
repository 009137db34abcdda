import type { Context } from "../../../context.ts";
import { readBodies, readDocumentsAfter, type StoredBody } from "../../../curation/documents/index.ts";
import { readPassageMarks } from "../../../collection/index.ts";
import type { EvidenceWindow } from "../store.ts";
import { readPassageRows } from "./passage-store.ts";
import type { CutDocument } from "./choose-chunking.ts";
import { resolvePassages, type ResolvedPassages } from "./resolve-passages.ts";

const MOST_FEEDBACK = 5_000;
const DOCUMENTS_AT_ONCE = 200;
/** Text that is searched at most, in characters: the documents with known answers first, then others to be told apart from. */
const MOST_TEXT = 8_000_000;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** What is known of where answers stand, and the documents to search. */
export interface Corpus {
  documents: Map<string, CutDocument>;
  passages: ResolvedPassages;
}

export async function readCorpus(ctx: Context, window: EvidenceWindow, signal: AbortSignal): Promise<Corpus> {
  const rows = await ctx.transact((tenant) => readPassageRows(tenant, window, MOST_FEEDBACK));
  const feedback = rows.map(({ passages, ...row }) => ({
    ...row,
    passages: readPassageMarks(passages) ?? [],
  }));
  const names = [...new Set(feedback.flatMap(({ passages }) => passages.map((one) => one.document_id)))];
  const documents = new Map<string, CutDocument>();
  let characters = 0;
  const add = ({ external_id: name, body, metadata }: StoredBody): void => {
    if (documents.has(name) || characters + body.length > MOST_TEXT) return;
    characters += body.length;
    documents.set(name, { body, metadata });
  };
  for (let start = 0; start < names.length; start += DOCUMENTS_AT_ONCE) {
    const part = names.slice(start, start + DOCUMENTS_AT_ONCE);
    for (const document of await ctx.transact((tenant) => readBodies(tenant, window.agentId, part)))
      add(document);
  }
  for (let after = FIRST; ;) {
    signal.throwIfAborted();
    const place = { agentId: window.agentId, after, limit: DOCUMENTS_AT_ONCE };
    const page = await ctx.transact((tenant) => readDocumentsAfter(tenant, place));
    for (const document of page) add(document);
    const last = page.at(-1);
    if (last === undefined || characters >= MOST_TEXT) break;
    after = last.id;
  }
  const texts = new Map([...documents].map(([name, { body }]) => [name, body]));
  return { documents, passages: resolvePassages(feedback, texts) };
}
