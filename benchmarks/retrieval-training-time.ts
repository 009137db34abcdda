// How long learning a ranking takes on the server, from the rows of the database to the candidate version.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/retrieval-training-time.ts
//     [--data FOLDER] [--events 100000] [--shown 20]
//
// Makes a database of its own and drops it. FOLDER has scifact/ (BEIR's layout); simulated people ask its training queries as in
// retrieval-feedback.ts, are shown so many chunks, and mark some. Executions, retrievals and feedback are written into the tables by their
// owner; then one run of `trainFromFeedback` is carried out as the worker does it, and reading its evidence is timed once more by itself.
// Seconds are by the clock and of this process's processor; what the database itself takes is in the former alone.
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { AgentVersion, TrainingRun } from "@agent-learning/contract";
import { readConfig, startApplication } from "@agent-learning/server";
import { Client } from "pg";
import { systemContext } from "../packages/server/src/create-context.ts";
import { readEvidence } from "../packages/server/src/learning/retrieval/read-evidence.ts";
import { runRetrievalTraining } from "../packages/server/src/learning/retrieval/run-retrieval-training.ts";
import { newId } from "../packages/server/src/new-id.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";
import { readSciFact } from "./retrieval-learning/read-scifact.ts";
import { simulateUsers } from "./retrieval-learning/simulate-users.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    events: { type: "string", default: "100000" },
    shown: { type: "string", default: "20" },
  },
});
const serverUrl = process.env.DATABASE_URL;
if (serverUrl === undefined || serverUrl === "") {
  process.stderr.write("Set DATABASE_URL to a PostgreSQL server on which databases may be created.\n");
  process.exit(2);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const data = await readSciFact(join(values.data, "scifact"));
if (data === undefined) {
  say(`Skipped: there is no ${values.data}/scifact.`);
  process.exit(0);
}
const EVENTS = Number(values.events);
const AT_ONCE = 2_000;
const PEOPLE = 2_000;
const DAYS = 90;

const database = await openDatabase(serverUrl);
const application = await startApplication(
  readConfig({ DATABASE_URL: database.url, LEARNING_LOG_LEVEL: "silent", LEARNING_ROLE: "api" }),
);
try {
  say(
    `${await database.describe()}; ${cpus()[0]?.model ?? "a processor"}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"}`,
  );
  const call = async <T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> => {
    const response = await application.server.inject({
      method,
      url: `/api/learning${path}`,
      headers: {
        authorization: `Bearer ${application.bootstrap.generatedKey ?? ""}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (response.statusCode >= 300) throw new Error(response.body);
    return response.json() as T;
  };
  const agent = await call<{ id: string }>("POST", "/agents", { slug: "bench", name: "bench" });
  const version = await call<AgentVersion>("POST", "/agents/bench/versions", {
    config: { runtime: "demonstrations", demonstrations: [{ input: "a", output: "b" }] },
  });
  await call("POST", "/agents/bench/serving", { version_id: version.id });
  const shown = Number(values.shown);
  const asked = data.train.map((query) => ({ ...query, candidates: query.candidates.slice(0, shown) }));
  const events = simulateUsers(asked, { events: EVENTS, noise: 0.1, seed: "time", people: PEOPLE });
  await fill(application.bootstrap.organizationId, agent.id, events);
  say(`${EVENTS} executions with a retrieval of ${shown} chunks and feedback`);

  const run = await call<TrainingRun>("POST", "/training-runs", {
    name: "time",
    agent_id: "bench",
    training_type: "rag_training",
    config: { max_retrievals: EVENTS },
  });
  const ctx = systemContext(application.services, application.bootstrap.organizationId, "benchmark");
  const signal = new AbortController().signal;
  await timed("the whole run", () => runRetrievalTraining({ ctx, runId: run.id, signal }));
  const { metrics, status } = await call<TrainingRun>("GET", `/training-runs/by-id/${run.id}`);
  say(
    `  ${status}: ${JSON.stringify({ outcome: metrics["outcome"], evidence: metrics["evidence"], gate: metrics["gate"] })}`,
  );
  const window = { agentId: agent.id, from: new Date(0), until: new Date() };
  const evidence = await timed("reading its evidence, of that", () =>
    readEvidence(ctx, window, EVENTS, undefined),
  );
  say(`  ${evidence.length} retrievals; load ${loadavg()[0]?.toFixed(1) ?? "?"}`);
} finally {
  await application.stop();
  await database.drop();
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  say(
    `${name}: ${((performance.now() - started) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of the processor`,
  );
  return result;
}

async function fill(
  organization: string,
  agentId: string,
  events: ReturnType<typeof simulateUsers>,
): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    // The rows are what the API would have written; its counters are of no use here.
    await client.query("SET session_replication_role = replica; SET synchronous_commit = off");
    const people = Array.from({ length: PEOPLE + 1 }, () => newId());
    await client.query(
      `INSERT INTO users (organization_id, id, kind, external_id) SELECT $1, p.id, 'end_user', 'person ' || p.n FROM unnest($2::uuid[]) WITH ORDINALITY AS p(id, n)`,
      [organization, people],
    );
    const first = Date.now() - DAYS * 86_400_000;
    for (let start = 0; start < events.length; start += AT_ONCE) {
      const rows = events.slice(start, start + AT_ONCE).map((event, index) => ({
        execution: newId(),
        retrieval: newId(),
        feedback: newId(),
        name: `e${start + index}`,
        query: event.query,
        person: people[Number(event.actor.replace("person ", "")) % PEOPLE],
        at: new Date(first + ((start + index) / events.length) * DAYS * 86_400_000).toISOString(),
        chunks: event.candidates.map(({ chunk, score, match }, place) => ({
          chunk_id: chunk,
          rank: place + 1,
          score,
          features: { match },
        })),
        marks: {
          chunk_marks: (event.signs ?? []).map(({ chunk, relevant }) => ({
            chunk_id: chunk,
            relevant: relevant === 1,
          })),
        },
      }));
      await client.query(
        `WITH r AS MATERIALIZED (SELECT * FROM json_to_recordset($3::json) AS r(execution uuid, retrieval uuid, feedback uuid, name text, query text,
            person uuid, at timestamptz, chunks jsonb, marks jsonb)),
          e AS (INSERT INTO agent_executions (organization_id, id, agent_id, external_id, user_id, input_text, output_text, status, created_at)
            SELECT $1, r.execution, $2, r.name, r.person, r.query, 'answer', 'succeeded', r.at FROM r),
          f AS (INSERT INTO agent_feedback (organization_id, id, agent_id, execution_id, user_id, feedback_type, satisfaction, metadata, status, created_at, updated_at)
            SELECT $1, r.feedback, $2, r.execution, r.person, 'comment', NULL, r.marks, 'live', r.at, r.at FROM r)
        INSERT INTO retrievals (organization_id, id, agent_id, execution_id, execution_external_id, query_text, chunks, created_at)
          SELECT $1, r.retrieval, $2, r.execution, r.name, r.query, r.chunks, r.at FROM r`,
        [organization, agentId, JSON.stringify(rows)],
      );
    }
    await client.query("VACUUM (ANALYZE) retrievals");
    await client.query("VACUUM (ANALYZE) agent_feedback");
  } finally {
    await client.end();
  }
}
