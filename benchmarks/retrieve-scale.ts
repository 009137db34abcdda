// How fast documents are indexed and found by their words, by number of chunks.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/retrieve-scale.ts [--chunks 5000,50000]
//
// Makes a database of its own and drops it. Chunks of 150 words of a vocabulary of 50,000, a few of them frequent, as words are; ten chunks a
// document, 20 documents a request, one request after the other. Queries are eight such words and two rare ones of one chunk. All through
// the API, without a socket. With --exact (an index of all chunks in memory; not for 500,000) it says how much of the best ten and hundred by BM25
// over all postings is found.
import { parseArgs } from "node:util";
import type { AgentVersion, RetrievedTexts } from "@agent-learning/contract";
import { analyse, createBm25Index, createRandom } from "@agent-learning/learning";
import { readConfig, startApplication } from "@agent-learning/server";
import { openDatabase } from "./feedback-ingestion/database.ts";

const { values } = parseArgs({
  options: {
    chunks: { type: "string", default: "5000,50000" },
    queries: { type: "string", default: "300" },
    exact: { type: "boolean", default: false },
  },
});
const serverUrl = process.env.DATABASE_URL;
if (serverUrl === undefined || serverUrl === "") {
  process.stderr.write("Set DATABASE_URL to a PostgreSQL server on which databases may be created.\n");
  process.exit(2);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const database = await openDatabase(serverUrl);
const application = await startApplication(
  readConfig({ DATABASE_URL: database.url, LEARNING_LOG_LEVEL: "silent", LEARNING_ROLE: "api" }),
);
try {
  say(await database.describe());
  const random = createRandom("retrieve");
  const word = (): string => `w${Math.floor(50_000 ** random.next())}`;
  const rare = (chunk: number, place: number): string => `r${chunk}x${place}`;
  const secret = application.bootstrap.generatedKey ?? "";
  const call = async <T>(method: "GET" | "POST", path: string, body: unknown): Promise<T> => {
    const response = await application.server.inject({
      method,
      url: `/api/learning${path}`,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      payload: JSON.stringify(body),
    });
    if (response.statusCode >= 300) throw new Error(response.body);
    return response.json() as T;
  };
  await call<AgentVersion>("POST", "/agents", { slug: "bench", name: "bench" });
  const state = { indexed: 0 };
  const texts: string[] = [];
  for (const goal of values.chunks.split(",").map(Number)) {
    const added = goal - state.indexed;
    const started = performance.now();
    while (state.indexed < goal) {
      const documents = Array.from({ length: 20 }, () => {
        const lines = Array.from({ length: 10 }, () => {
          const chunk = state.indexed;
          state.indexed += 1;
          const words = Array.from({ length: 147 }, word);
          const line = `${words.join(" ")} ${rare(chunk, 0)} ${rare(chunk, 1)} ${rare(chunk, 2)}.`;
          if (values.exact) texts.push(line);
          return line;
        });
        return { document_id: `d${state.indexed}`, text: lines.join("\n") };
      });
      await call("POST", "/agents/bench/documents", { documents });
    }
    const seconds = (performance.now() - started) / 1000;
    say(
      `${goal} chunks: ${added} indexed in ${seconds.toFixed(1)} s, ${Math.round(added / seconds)} a second`,
    );
    const reference = values.exact ? createBm25Index(texts.map(analyse), { k1: 0.9, b: 0.4 }) : undefined;
    const lost = { queries: 0, ten: 0, hundred: 0 };
    const times: number[] = [];
    let right = 0;
    for (let query = 0; query < Number(values.queries) + 20; query += 1) {
      const chunk = Math.floor(random.next() * state.indexed);
      const text = [...Array.from({ length: 8 }, word), rare(chunk, 0), rare(chunk, 1)].join(" ");
      const before = performance.now();
      const ask = { agent_id: "bench", query: text, ...(values.exact ? { limit: 100 } : {}) };
      const { chunks } = await call<RetrievedTexts>("POST", "/retrieve", ask);
      // The first ones warm up.
      if (query >= 20) times.push(performance.now() - before);
      if (chunks[0]?.text.includes(rare(chunk, 0)) === true) right += 1;
      if (reference === undefined) continue;
      // Those that score as well as the last one of the exact list are as good as it.
      const exact = reference.search(analyse(text), 100);
      const missing = (depth: number): number => {
        const bar = (exact[depth - 1]?.score ?? 0) - 1e-4;
        return chunks.slice(0, depth).filter(({ score }) => (score ?? 0) < bar).length / depth;
      };
      lost.queries += 1;
      lost.ten += missing(10);
      lost.hundred += missing(Math.min(100, exact.length));
    }
    times.sort((one, other) => one - other);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
    say(
      `  a query: median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms; right chunk first in ${((100 * right) / (times.length + 20)).toFixed(0)} %`,
    );
    if (reference !== undefined)
      say(
        `  of the best ten by all postings ${((100 * lost.ten) / lost.queries).toFixed(2)} % are missing, of the best hundred ${((100 * lost.hundred) / lost.queries).toFixed(2)} %`,
      );
  }
} finally {
  await application.stop();
  await database.drop();
}
