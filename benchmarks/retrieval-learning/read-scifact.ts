import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { analyse, createBm25Index, type QueryEvidence } from "@agent-learning/learning";

export interface SciFact {
  train: QueryEvidence[];
  test: QueryEvidence[];
  documents: number;
  /** Title and text by the document's id. */
  texts: Map<string, string>;
  /** Milliseconds to index all documents. */
  indexMilliseconds: number;
}

async function* lines(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path, "utf8") }))
    if (line !== "") yield line;
}

/** Documents that a query has to choose among. */
const CANDIDATES = 100;

/**
 * SciFact in BEIR's layout (corpus.jsonl, queries.jsonl with a `split`, qrels.tsv), each query with its BM25 candidates (k1 .9, b .4, as
 * Anserini has them). Undefined where the folder is not there.
 */
export async function readSciFact(folder: string): Promise<SciFact | undefined> {
  if (!existsSync(join(folder, "corpus.jsonl"))) return undefined;
  const ids: string[] = [];
  const texts: string[][] = [];
  const bodies = new Map<string, string>();
  for await (const line of lines(join(folder, "corpus.jsonl"))) {
    const document = JSON.parse(line) as { _id: string; title: string; text: string };
    ids.push(document._id);
    bodies.set(document._id, `${document.title} ${document.text}`);
    texts.push(analyse(`${document.title} ${document.text}`));
  }
  const started = performance.now();
  const index = createBm25Index(texts, { k1: 0.9, b: 0.4 });
  const indexMilliseconds = performance.now() - started;
  const grades = new Map<string, Map<string, number>>();
  for await (const line of lines(join(folder, "qrels.tsv"))) {
    const [query = "", document = "", grade = ""] = line.split("\t");
    if (!(Number(grade) > 0)) continue;
    const own = grades.get(query) ?? new Map<string, number>();
    grades.set(query, own.set(document, Number(grade)));
  }
  const found: Record<string, QueryEvidence[]> = { train: [], test: [] };
  for await (const line of lines(join(folder, "queries.jsonl"))) {
    const { _id: id, text, split } = JSON.parse(line) as { _id: string; text: string; split: string };
    const own = grades.get(id);
    if (own === undefined) continue;
    const terms = analyse(text);
    const perfect = index.selfScore(terms);
    const candidates = index.search(terms, CANDIDATES).map(({ document, score }) => ({
      chunk: ids[document] as string,
      score,
      match: score / perfect,
    }));
    found[split]?.push({ id, query: text, actor: id, at: 0, candidates, grades: own });
  }
  return {
    train: found["train"] ?? [],
    test: found["test"] ?? [],
    documents: ids.length,
    texts: bodies,
    indexMilliseconds,
  };
}
