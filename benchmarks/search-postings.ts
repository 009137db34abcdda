// How long a search by words takes on large indexes, with what it reads beside a reading of all postings, in turns on the same index.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/search-postings.ts [--chunks 5000,50000,500000]
//
// Makes a database of its own and drops it. The inverted index is filled by the database itself, its B-trees made afterwards, so that
// 500,000 chunks take minutes and not hours: chunks of 60 different words of a vocabulary of 50,000, of which a few are frequent, as words
// are, and one of their own. On top of it some hundred documents of ten chunks come in through the API, in which way an index really grows: how
// fast they do tells whether that depends on what is there. Queries are eight such words and the own one of a chunk. --all leaves the reading of
// all postings out where it is `no`.
import { parseArgs } from "node:util";
import { createRandom } from "@agent-learning/learning";
import { readConfig, startApplication } from "@agent-learning/server";
import { sql } from "kysely";
import { Client } from "pg";
import { systemContext } from "../packages/server/src/create-context.ts";
import { readIndex, searchIndex } from "../packages/server/src/curation/documents/search-store.ts";
import { newId } from "../packages/server/src/new-id.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";

const WORDS = 60;
/** Requests of 20 documents, each of ten chunks, by which the speed of indexing is measured. */
const REQUESTS = 10;
const LINES = 10;
const WORDS_OF_LINE = 150;
const { values } = parseArgs({
  options: {
    chunks: { type: "string", default: "5000,50000,500000" },
    queries: { type: "string", default: "100" },
    all: { type: "string", default: "yes" },
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
  const { services, bootstrap } = application;
  const organizationId = bootstrap.organizationId;
  const ctx = systemContext(services, organizationId, "benchmark");
  const agentId = newId();
  const [chunkingId, documentId] = [newId(), newId()];
  await ctx.transact(async ({ tx }) => {
    await sql`INSERT INTO agents (organization_id, id, slug, name) VALUES (${organizationId}, ${agentId}, 'bench', 'bench')`.execute(
      tx,
    );
    await sql`INSERT INTO documents (organization_id, id, agent_id, external_id, body, content_hash)
      VALUES (${organizationId}, ${documentId}, ${agentId}, 'all', '', repeat('0', 64))`.execute(tx);
    await sql`INSERT INTO chunkings (organization_id, id, agent_id, settings) VALUES (${organizationId}, ${chunkingId}, ${agentId}, '{"size": 200, "overlap": 0}')`.execute(
      tx,
    );
  });
  let filled = 0;
  for (const goal of values.chunks.split(",").map(Number)) {
    const started = performance.now();
    await fill(database.url, { organizationId, chunkingId, documentId, from: filled, to: goal });
    say(`${goal} chunks: filled in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    filled = goal;
    await indexMore(goal);
    const random = createRandom(`queries ${goal}`);
    const times = { first: [] as number[], again: [] as number[], all: [] as number[] };
    const missing = { ten: 0, hundred: 0 };
    for (let query = 0; query < Number(values.queries); query += 1) {
      const words = Array.from({ length: 8 }, () => `w${Math.floor(50_000 ** random.next())}`);
      const terms = [...new Set([...words, `own${Math.floor(random.next() * goal)}`])].map((term) => ({
        term,
        weight: 1,
      }));
      const search = async (into: number[], room?: number) => {
        const before = performance.now();
        const { found } = await ctx.transact(async (tenant) => {
          const index = await readIndex(tenant, agentId, undefined);
          if (index === undefined) throw new Error("there is no index");
          return searchIndex(tenant, index, terms, 100, [], room);
        });
        into.push(performance.now() - before);
        return found;
      };
      const own = await search(times.first);
      await search(times.again);
      if (values.all === "no") continue;
      const all = await search(times.all, Infinity);
      const lost = (depth: number): number => {
        const bar = (all[depth - 1]?.score ?? 0) - 1e-6;
        return own.slice(0, depth).filter(({ score }) => (score ?? 0) < bar).length / depth;
      };
      missing.ten += lost(10);
      missing.hundred += lost(100);
    }
    const at = (list: number[], share: number): string =>
      (list.toSorted((one, other) => one - other)[Math.floor(list.length * share)] ?? 0).toFixed(0);
    const line = (name: string, list: number[]): void =>
      say(`  ${name}: median ${at(list, 0.5)} ms, p95 ${at(list, 0.95)} ms, p99 ${at(list, 0.99)} ms`);
    line("a query", times.first);
    line("the same once more", times.again);
    if (values.all === "no") continue;
    line("all postings read", times.all);
    const of = (sum: number): string => ((100 * sum) / Number(values.queries)).toFixed(2);
    say(
      `  of the best ten of all postings ${of(missing.ten)} % are missing, of the best hundred ${of(missing.hundred)} %`,
    );
  }
} finally {
  await application.stop();
  await database.drop();
}

interface Fill {
  organizationId: string;
  chunkingId: string;
  documentId: string;
  from: number;
  to: number;
}

/** Chunks and postings from one number to another, by the owner of the tables and without its B-trees, which are made afterwards. */
async function fill(url: string, { organizationId, chunkingId, documentId, from, to }: Fill): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      "SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; SET synchronous_commit = off",
    );
    await client.query(
      "ALTER TABLE chunk_terms DROP CONSTRAINT chunk_terms_pkey; DROP INDEX chunk_terms_chunk",
    );
    const idOf = "(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid";
    for (let first = from; first < to; first += 10_000) {
      const rows = `generate_series(${first}, ${Math.min(to, first + 10_000) - 1}) AS g(n)`;
      await client.query(
        `INSERT INTO chunks (organization_id, id, chunking_id, document_id, chunk_key, position, start_offset, end_offset, body, term_count)
          SELECT $1::uuid, ${idOf}, $2::uuid, $3::uuid, 'c' || n, n, 0, 1, '', ${WORDS} FROM ${rows}`,
        [organizationId, chunkingId, documentId],
      );
      await client.query(
        `INSERT INTO chunk_terms (organization_id, chunking_id, term, chunk_id, frequency, chunk_terms)
          SELECT $1::uuid, $2::uuid, t.term, ${idOf}, MAX(t.frequency), ${WORDS} FROM ${rows} CROSS JOIN LATERAL (
            SELECT 'w' || floor(power(50000, random() + 0 * g.n))::int AS term, 1 + floor(random() * 3)::int AS frequency FROM generate_series(1, ${WORDS})
            UNION ALL SELECT 'own' || g.n, 1) AS t GROUP BY t.term, g.n`,
        [organizationId, chunkingId],
      );
    }
    await client.query(
      "ALTER TABLE chunk_terms ADD PRIMARY KEY (organization_id, chunking_id, term, chunk_id)",
    );
    await client.query("CREATE INDEX chunk_terms_chunk ON chunk_terms (organization_id, chunk_id)");
    await client.query(
      "UPDATE chunkings SET chunk_count = chunk_count + $1, term_count = term_count + $2 WHERE id = $3",
      [to - from, (to - from) * WORDS, chunkingId],
    );
    await client.query("VACUUM (ANALYZE) chunk_terms");
    await client.query("VACUUM (ANALYZE) chunks");
  } finally {
    await client.end();
  }
}

/** Documents through the API, one request after the other. */
async function indexMore(there: number): Promise<void> {
  const random = createRandom(`documents ${there}`);
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const documents = Array.from({ length: 20 }, (_, document) => {
      const lines = Array.from({ length: LINES }, () =>
        Array.from({ length: WORDS_OF_LINE }, () => `w${Math.floor(50_000 ** random.next())}`).join(" "),
      );
      return { document_id: `d${there} ${request} ${document}`, text: `${lines.join(".\n")}.` };
    });
    const before = performance.now();
    const response = await application.server.inject({
      method: "POST",
      url: "/api/learning/agents/bench/documents",
      headers: {
        authorization: `Bearer ${application.bootstrap.generatedKey ?? ""}`,
        "content-type": "application/json",
      },
      payload: JSON.stringify({ documents }),
    });
    if (response.statusCode >= 300) throw new Error(response.body);
    times.push(performance.now() - before);
  }
  const seconds = times.reduce((sum, time) => sum + time, 0) / 1000;
  const slowest = Math.max(...times) / 1000;
  say(
    `  ${REQUESTS * 20 * LINES} more indexed through the API in ${seconds.toFixed(1)} s, ${Math.round((REQUESTS * 20 * LINES) / seconds)} a second; the slowest request of 200 took ${slowest.toFixed(1)} s`,
  );
}
