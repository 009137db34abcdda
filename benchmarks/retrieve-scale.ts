// How fast documents are indexed and found by their words, by number of chunks.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/retrieve-scale.ts [--chunks 5000,50000]
//
// Makes a database of its own and drops it. Chunks of 150 words of a vocabulary of 50,000, a few of them frequent, as words are; ten chunks a
// document, 20 documents a request, one request after the other. Queries are eight such words and two rare ones of one chunk. All through
// the API, without a socket.
import { parseArgs } from "node:util";
import type { AgentVersion, RetrievedTexts } from "@agent-learning/contract";
import { createRandom } from "@agent-learning/learning";
import { readConfig, startApplication } from "@agent-learning/server";
import { openDatabase } from "./feedback-ingestion/database.ts";

const { values } = parseArgs({
  options: { chunks: { type: "string", default: "5000,50000" }, queries: { type: "string", default: "300" } },
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
  for (const goal of values.chunks.split(",").map(Number)) {
    const added = goal - state.indexed;
    const started = performance.now();
    while (state.indexed < goal) {
      const documents = Array.from({ length: 20 }, () => {
        const lines = Array.from({ length: 10 }, () => {
          const chunk = state.indexed;
          state.indexed += 1;
          const words = Array.from({ length: 147 }, word);
          return `${words.join(" ")} ${rare(chunk, 0)} ${rare(chunk, 1)} ${rare(chunk, 2)}.`;
        });
        return { document_id: `d${state.indexed}`, text: lines.join("\n") };
      });
      await call("POST", "/agents/bench/documents", { documents });
    }
    const seconds = (performance.now() - started) / 1000;
    say(
      `${goal} chunks: ${added} indexed in ${seconds.toFixed(1)} s, ${Math.round(added / seconds)} a second`,
    );
    const times: number[] = [];
    let right = 0;
    for (let query = 0; query < Number(values.queries) + 20; query += 1) {
      const chunk = Math.floor(random.next() * state.indexed);
      const text = [...Array.from({ length: 8 }, word), rare(chunk, 0), rare(chunk, 1)].join(" ");
      const before = performance.now();
      const { chunks } = await call<RetrievedTexts>("POST", "/retrieve", { agent_id: "bench", query: text });
      // The first ones warm up.
      if (query >= 20) times.push(performance.now() - before);
      if (chunks[0]?.text.includes(rare(chunk, 0)) === true) right += 1;
    }
    times.sort((one, other) => one - other);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
    say(
      `  a query: median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms; right chunk first in ${((100 * right) / (times.length + 20)).toFixed(0)} %`,
    );
  }
} finally {
  await application.stop();
  await database.drop();
}
