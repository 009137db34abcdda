// How the API's questions reach their rows at a million executions, feedback, examples and annotation tasks each.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/query-plans.ts
//
// Makes two databases of its own and drops them. Runs every question of the API and every sweep of the workers with auto_explain
// (the login must be a superuser), prints what each did, and fails when one looked at more than its page. Times the statistics
// and queue endpoints at 10,000 rows and at the full size. Options: --rows N (1000000), --small N (10000), --all.
import { parseArgs } from "node:util";
import { connectDatabase, migrate } from "../packages/server/src/database/index.ts";
import { checkCalls, checkSweeps, nameOf } from "../packages/server/src/testing/scale/check-plans.ts";
import { fillDatabase } from "../packages/server/src/testing/scale/fill-database.ts";
import { openScaleApi, type ScaleApi } from "../packages/server/src/testing/scale/scale-api.ts";
import { SCALE_CALLS } from "../packages/server/src/testing/scale/scale-calls.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";

const TIMED = new Set([
  "getStats",
  "getFeedbackStatistics",
  "getCommonIssues",
  "getAgentMetrics",
  "listAnnotationQueue",
  "getAnnotationStatistics",
]);
const REPEATS = 25;
const SLOW_MILLISECONDS = 10;
const CHOSEN_FREELY = { seqScansAvoided: false };

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    small: { type: "string", default: "10000" },
    all: { type: "boolean", default: false },
  },
});
const [large, small] = [Number(options.rows), Number(options.small)];
const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write(
    "Set DATABASE_URL to a PostgreSQL server on which databases may be created by a superuser.\n",
  );
  process.exit(2);
}

async function openFilled(at: string, rows: number): Promise<ScaleApi> {
  const connection = await connectDatabase({ databaseUrl: at, dataDirectory: "" });
  await migrate(connection);
  await connection.close();
  await fillDatabase(at, { rows });
  return openScaleApi(at);
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Medians of each call in both databases, asked in turn, so that a busy machine meets both alike. */
async function timeBoth(few: ScaleApi, many: ScaleApi): Promise<Record<string, unknown>[]> {
  const table: Record<string, unknown>[] = [];
  for (const call of SCALE_CALLS.filter(({ operationId }) => TIMED.has(operationId))) {
    const times = { few: [] as number[], many: [] as number[] };
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      times.few.push(await few.time(call));
      times.many.push(await many.time(call));
    }
    const [before, after] = [median(times.few), median(times.many)];
    table.push({
      "": nameOf(call),
      [`ms at ${small}`]: Number(before.toFixed(1)),
      [`ms at ${large}`]: Number(after.toFixed(1)),
      ratio: Number((after / before).toFixed(2)),
    });
  }
  return table;
}

const started = performance.now();
const seconds = (): string => `${Math.round((performance.now() - started) / 1_000)} s`;
const smallDatabase = await openDatabase(url);
const database = await openDatabase(url);
try {
  const few = await openFilled(smallDatabase.url, small);
  const api = await openFilled(database.url, large);
  console.log(`${await database.describe()}; ${large} rows of each kind after ${seconds()}\n`);
  const timed = await timeBoth(few, api);
  const findings = [
    ...(await checkCalls(api, SCALE_CALLS, CHOSEN_FREELY)),
    ...(await checkSweeps(api, CHOSEN_FREELY)),
  ];
  await few.close();
  await api.close();

  console.log(
    `${SCALE_CALLS.length} questions${options.all ? "" : `; shown: those that took ${SLOW_MILLISECONDS} ms or read everything`}`,
  );
  console.table(
    findings
      .filter(
        ({ milliseconds, whole }) => options.all || whole !== undefined || milliseconds >= SLOW_MILLISECONDS,
      )
      .map(({ name, statements, milliseconds, rows, busiest, whole }) => ({
        "": name,
        statements,
        ms: Number(milliseconds.toFixed(1)),
        "rows looked at": rows,
        busiest,
        remark: whole ?? "",
      })),
  );
  console.table(timed);
  const complaints = findings.flatMap((finding) => finding.complaints);
  console.log(
    complaints.length === 0 ? "An index reaches the rows of every question." : complaints.join("\n"),
  );
  console.log(`${seconds()} in all`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  await smallDatabase.drop();
  await database.drop();
}
