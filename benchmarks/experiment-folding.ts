// Outcomes into an experiment's state per second, against plain inserts of outcomes in the same run; and how long the data of its
// results page takes when they are all in it.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/experiment-folding.ts
//
// Makes a database of its own and drops it. One outcome a unit, which is the most work. Adding to the units' sums, and plain inserts,
// take turns in transactions of 500 over one connection each; folding what that noted runs as the workers run it. The raw inserts write
// less: they keep nothing that anybody could analyse. Options: --outcomes N (1000000), --units N exposed (as
// many as outcomes), --reported N (20000, through the API), --kind mean or binary, whose first outcomes a test for harm takes in too.
import { parseArgs } from "node:util";
import type { Experiment } from "@agent-learning/contract";
import { connectDatabase, migrate } from "../packages/server/src/database/index.ts";
import { experimentSchedule } from "../packages/server/src/evaluation/experiments/index.ts";
import { createTestVersions } from "../packages/server/src/evaluation/traffic.testing.ts";
import { evidenceObservers } from "../packages/server/src/evidence-observers.ts";
import { createTestApi } from "../packages/server/src/testing/test-api.ts";
import { addContributions } from "../packages/server/src/evaluation/exposures/change-units.ts";
import { outcomeContribution } from "../packages/server/src/evaluation/exposures/contributions.ts";
import { createTestContext } from "../packages/server/src/testing/test-services.ts";
import { openFiller, unitId } from "./experiment-folding/fill-outcomes.ts";
import { cpuBetween, readCpuTime } from "./feedback-ingestion/cpu-time.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";

const { values: options } = parseArgs({
  options: {
    outcomes: { type: "string", default: "1000000" },
    units: { type: "string" },
    reported: { type: "string", default: "20000" },
    kind: { type: "string", default: "mean" },
  },
});
const kind = options.kind === "binary" ? "binary" : "mean";
const outcomes = Number(options.outcomes);
const reported = Number(options.reported);
const BATCH = 500;
/** Outcomes between two readings of the CPU, which counts in hundredths of a second. */
const BLOCK = 10_000;
const PAGE_REPEATS = 25;

const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write(
    "Set DATABASE_URL to a PostgreSQL server on which databases may be created by a superuser.\n",
  );
  process.exit(2);
}

/** CPU seconds that the database's connections and this process use for it: what a wall clock says depends on who else is there. */
const cpu = { database: 0, client: 0 };
async function charged(work: () => Promise<unknown>): Promise<void> {
  const before = readCpuTime(process.pid, await database.backends());
  await work();
  const used = cpuBetween(before, readCpuTime(process.pid, await database.backends()));
  cpu.database += used.database / 1000;
  cpu.client += used.client / 1000;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const perSecond = (count: number, seconds: number): string => `${Math.round(count / seconds)} / s`;
const micro = (seconds: number): string => `${((1e6 * seconds) / outcomes).toFixed(1)} us`;
const quantile = (times: readonly number[], q: number): string =>
  `${(1000 * (times.toSorted((a, b) => a - b)[Math.floor(times.length * q)] ?? 0)).toFixed(1)} ms`;

const database = await openDatabase(url);
const connection = await connectDatabase({ databaseUrl: database.url, dataDirectory: "" });
await migrate(connection);
const api = createTestApi(connection, { evidenceObservers });
const filler = await openFiller(database.url);
try {
  process.stdout.write(`${await database.describe()}\n`);
  const versions = await createTestVersions(api, connection, { experiment: { automatic_decision: false } });
  const { organization } = versions;
  const call = async <T>(
    method: "GET" | "POST" | "PATCH",
    path: string,
    body?: object,
    revision?: number,
  ) => {
    const headers = revision === undefined ? {} : { "if-match": `"${revision}"` };
    const as = path === "/experiments" || method === "PATCH" ? "admin" : "secret";
    const answer = await api.call<T>(organization, method, path, { as, body, headers });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const draft = await call<Experiment>("POST", "/experiments", {
    agent_id: "my-agent",
    name: "folding",
    control_config: { version_id: versions.control.id },
    treatment_config: { version_id: versions.treatment.id },
    metrics: [{ name: "gain", kind, better: "higher", role: "goal", source: "outcome" }],
  });
  const experiment = await call<Experiment>(
    "PATCH",
    `/experiments/${draft.id}`,
    { status: "running" },
    draft.revision,
  );

  await filler.expose({
    organizationId: organization.id,
    experimentId: experiment.id,
    agentId: versions.agentId,
    versions: { control: versions.control.id, treatment: versions.treatment.id },
    units: Math.max(outcomes, Number(options.units ?? 0)),
  });
  const ctx = createTestContext(api.services, organization, "secret");
  const gain = { name: "gain", kind, per: "outcome", isTested: kind === "binary" } as const;
  const seconds = { sums: 0, raw: 0, folding: 0 };
  for (let from = 0; from < outcomes; from += BLOCK) {
    const batches = Array.from({ length: Math.min(BLOCK, outcomes - from) / BATCH }, (_, batch) =>
      Array.from({ length: BATCH }, (_, n) => {
        const unit = from + batch * BATCH + n;
        const value = kind === "binary" ? Number(unit % 7 === 0) : (unit % 1000) / 1000;
        return outcomeContribution({ subjectId: experiment.id, unitId: unitId(unit) }, gain, value);
      }),
    );
    await charged(async () => {
      for (const batch of batches) {
        seconds.sums += await timed(() => ctx.transact((tenant) => addContributions(tenant, batch)));
      }
    });
    for (const { length } of batches)
      seconds.raw += await timed(() => filler.insertRaw(organization.id, length));
  }
  const notes = await filler.countNotes(experiment.id);
  let looks = 0;
  while ((await filler.countUnfolded(experiment.id)) > 0) {
    await charged(async () => {
      seconds.folding += await timed(() => experimentSchedule.sweep(api.services, organization.id));
    });
    looks += 1;
  }

  const path = `/experiments/by-id/${experiment.id}`;
  const page: number[] = [];
  const series: number[] = [];
  let samples: Record<string, number> = {};
  for (let repeat = 0; repeat < PAGE_REPEATS; repeat += 1) {
    page.push(
      await timed(async () => {
        ({ samples } = (await call<{ experiment: Experiment }>("GET", `${path}/results`)).experiment);
      }),
    );
    series.push(await timed(() => call("GET", `${path}/looks`)));
  }

  const reports = await timed(async () => {
    const subject = { kind: "experiment", id: experiment.id };
    for (let from = 0; from < reported; from += 500) {
      const units = Array.from({ length: 500 }, (_, n) => ({ ...subject, unit_id: `reported-${from + n}` }));
      await call("POST", "/exposures", {
        exposures: units.map((unit, n) => ({ ...unit, arm: n % 2 === 0 ? "control" : "treatment" })),
      });
      await call("POST", "/outcomes", {
        outcomes: units.map((unit, n) => ({
          ...unit,
          outcome_id: `r${from + n}`,
          metric: "gain",
          value: n % 2,
        })),
      });
    }
  });

  const together = seconds.sums + seconds.folding;
  process.stdout.write(
    `${[
      `into the sums of units         ${perSecond(outcomes, seconds.sums)}`,
      `folded into the state          ${perSecond(outcomes, seconds.folding)} (${notes} notes of changes in ${looks} looks)`,
      `both                           ${perSecond(outcomes, together)}, ${(seconds.raw / together).toFixed(2)} of plain inserts`,
      `CPU of an outcome              ${micro(cpu.database)} of the database, ${micro(cpu.client)} of its client: ${perSecond(outcomes, cpu.database)} by a core of the database`,
      `plain inserts of outcomes      ${perSecond(outcomes, seconds.raw)}`,
      `exposures and outcomes by API  ${perSecond(reported, reports)} of each, in reports of 500, one after the other`,
      `results of ${JSON.stringify(samples)} units: median ${quantile(page, 0.5)}, p90 ${quantile(page, 0.9)}`,
      `looks over time: median ${quantile(series, 0.5)}`,
    ].join("\n")}\n`,
  );
} finally {
  await filler.close();
  await api.close();
  await connection.close();
  await database.drop();
}
