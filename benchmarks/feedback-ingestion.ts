// Durable feedback per second through the API, against the same rows inserted straight through pg in the same run.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/feedback-ingestion.ts
//
// The server runs in a process of its own, as users run it, over a database that this script creates and drops. Every answer
// comes after the COMMIT, with fsync as the database has it. Phases alternate, so that a noisy machine meets all alike; where
// all three parties share its cores, the CPU time of a row says what limits, whoever else is at work (Linux only).
// Options: --seconds N for each phase (3), --rounds N (2), --only TEXT for the phases whose name has it (and what they are held against).
import { parseArgs } from "node:util";
import { createApiClients, type FeedbackApi } from "./feedback-ingestion/api-clients.ts";
import { type CpuTime, readCpuTime } from "./feedback-ingestion/cpu-time.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";
import { createFeedbackSource } from "./feedback-ingestion/feedback-source.ts";
import { measure, type Rate } from "./feedback-ingestion/measure.ts";
import { createRawWriters } from "./feedback-ingestion/raw-writers.ts";
import { startServer } from "./feedback-ingestion/server-process.ts";

const BATCH = 500;
const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "2" },
    only: { type: "string", default: "" },
  },
});
const milliseconds = Number(options.seconds) * 1_000;

const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write("Set DATABASE_URL to a PostgreSQL server on which databases may be created.\n");
  process.exit(2);
}

interface Phase {
  name: string;
  against?: string;
  run(): Promise<Rate>;
}

const database = await openDatabase(url);
const server = await startServer(database.url);
try {
  const api: FeedbackApi = await createApiClients(server, 8);
  const source = await createFeedbackSource(api);
  const raw = await createRawWriters(database.url, 8, await source.ids(database.url));
  const readCpu = async (): Promise<CpuTime> => readCpuTime(server.pid, await database.backends());
  const all: Phase[] = [
    {
      name: "pg, prepared single inserts, 1 client",
      run: () => measure(1, milliseconds, 1, (n) => raw.insertOne(n, source.next()), readCpu),
    },
    {
      name: "POST /feedback, 1 client",
      against: "pg, prepared single inserts, 1 client",
      run: () => measure(1, milliseconds, 1, (n) => api.submit(n, source.next()), readCpu),
    },
    {
      name: "pg, prepared single inserts, 8 clients",
      run: () => measure(8, milliseconds, 1, (n) => raw.insertOne(n, source.next()), readCpu),
    },
    {
      name: "POST /feedback, 8 clients",
      against: "pg, prepared single inserts, 8 clients",
      run: () => measure(8, milliseconds, 1, (n) => api.submit(n, source.next()), readCpu),
    },
    {
      name: "POST /feedback with Idempotency-Key, 8 clients",
      against: "pg, prepared single inserts, 8 clients",
      run: () => measure(8, milliseconds, 1, (n) => api.submitOnce(n, source.next()), readCpu),
    },
    {
      name: `pg, inserts of ${BATCH} rows, 2 clients`,
      run: () => measure(2, milliseconds, BATCH, (n) => raw.insertMany(n, source.take(BATCH)), readCpu),
    },
    {
      name: `POST /feedback/batch of ${BATCH}, 2 clients`,
      against: `pg, inserts of ${BATCH} rows, 2 clients`,
      run: () => measure(2, milliseconds, BATCH, (n) => api.submitBatch(n, source.take(BATCH)), readCpu),
    },
  ];
  const wanted = all.filter(({ name }) => name.includes(options.only));
  const phases = all.filter(
    (phase) => wanted.includes(phase) || wanted.some(({ against }) => against === phase.name),
  );
  const rates = new Map<string, Rate[]>();
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const phase of phases) rates.set(phase.name, [...(rates.get(phase.name) ?? []), await phase.run()]);
  }
  const best = (name: string): Rate =>
    (rates.get(name) ?? []).reduce((a, b) => (b.rowsPerSecond > a.rowsPerSecond ? b : a));
  console.log(`${await database.describe()}; best of ${options.rounds} rounds of ${options.seconds} s\n`);
  console.table(
    phases.map(({ name, against }) => {
      const rate = best(name);
      return {
        "": name,
        "rows/s": Math.round(rate.rowsPerSecond),
        "p50 ms": Number(rate.p50.toFixed(2)),
        "p99 ms": Number(rate.p99.toFixed(2)),
        "of raw":
          against === undefined
            ? ""
            : `${Math.round((100 * rate.rowsPerSecond) / best(against).rowsPerSecond)} %`,
        "CPU µs/row: client": Math.round(rate.cpu.client),
        server: Math.round(rate.cpu.server),
        database: Math.round(rate.cpu.database),
      };
    }),
  );
  const lost = await database.countMissing(source.acknowledged());
  console.log(lost === 0 ? "Every acknowledged row is there." : `${lost} acknowledged rows are missing.`);
  process.exitCode = lost === 0 ? 0 : 1;
  await raw.close();
  await api.close();
} finally {
  await server.stop();
  await database.drop();
}
