// A file of a gigabyte imported as a stream: rows a second, memory, and what is said of its bad rows.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/import-scale.ts
//
// Makes the file and a database of its own and removes both. Of a thousand lines nine are no JSON, three are no UTF-8, three are
// cut off in the middle, five lack their input, and ten repeat the line before. Imported first with on_error=refuse, which stores
// nothing, then with on_error=skip, which stores the rest; every rejection is checked against what was planted. Resident memory is
// read ten times a second. Options: --megabytes N (1024), --refuse (only that).
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { importExamples } from "../packages/server/src/curation/imports/import-examples.ts";
import { openDesk } from "../packages/server/src/curation/curation.testing.ts";
import { connectDatabase, migrate, withSystem } from "../packages/server/src/database/index.ts";
import { ProblemError } from "../packages/server/src/http/index.ts";
import { withPeakMemory } from "./curation-scale/resident-memory.ts";
import { createTexts } from "./curation-scale/made-up-texts.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";

const { values: options } = parseArgs({
  options: { megabytes: { type: "string", default: "1024" }, refuse: { type: "boolean", default: false } },
});
const wanted = Number(options.megabytes) * 1024 ** 2;

const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write("Set DATABASE_URL to a PostgreSQL server on which databases may be created.\n");
  process.exit(2);
}

interface Planted {
  path: string;
  bytes: number;
  rows: number;
  duplicates: number;
  bad: Set<number>;
}

/** Writes the file. What is wrong with a line follows from its number. */
async function plant(path: string): Promise<Planted> {
  const texts = createTexts("imports");
  const file = createWriteStream(path);
  const planted: Planted = { path, bytes: 0, rows: 0, duplicates: 0, bad: new Set() };
  let good = "";
  while (planted.bytes < wanted) {
    const place = planted.rows % 1_000;
    planted.rows += 1;
    let line = Buffer.from(good);
    if (place >= 900 && place < 910 && good !== "") planted.duplicates += 1;
    else {
      const row = {
        example_type: "positive",
        input_text: `${planted.rows} ${texts.text(60)}`,
        expected_output: texts.text(60),
      };
      const text = JSON.stringify(row);
      if (place < 9) line = Buffer.from(`{not json ${text}`);
      else if (place < 12)
        line = Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff, 0xfe, 0x22, 0x7d])]);
      else if (place < 15) line = Buffer.from(text.slice(0, text.length / 2));
      else if (place < 20) line = Buffer.from(JSON.stringify({ ...row, input_text: undefined }));
      else {
        good = text;
        line = Buffer.from(text);
      }
      if (place < 20) planted.bad.add(planted.rows);
    }
    planted.bytes += line.length + 1;
    if (!file.write(Buffer.concat([line, Buffer.from("\n")]))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return planted;
}

const folder = await mkdtemp(join(tmpdir(), "agent-learning-benchmark-"));
const database = await openDatabase(url);
const connection = await connectDatabase({ databaseUrl: database.url, dataDirectory: "" });
try {
  await migrate(connection);
  const desk = await openDesk(connection);
  const context = desk.as("secret");
  const planted = await plant(join(folder, "rows.jsonl"));
  process.stdout.write(
    `${await database.describe()}; ${Math.round(planted.bytes / 1024 ** 2)} MiB, ${planted.rows} lines, ` +
      `${planted.bad.size} bad, ${planted.duplicates} repeated\n`,
  );
  const stored = async (): Promise<number> => {
    const { rows } = await withSystem(connection.kysely, (tx) =>
      sql<{ count: number }>`SELECT count(*)::int AS count FROM learning_examples`.execute(tx),
    );
    return rows[0]?.count ?? 0;
  };
  const run = (on_error: "skip" | "refuse"): ReturnType<typeof importExamples> =>
    importExamples(
      context,
      { agent_id: desk.agentId, format: "jsonl", on_error, encoding: undefined },
      createReadStream(planted.path),
      new AbortController().signal,
    );
  const refused = await withPeakMemory(async () => {
    try {
      await run("refuse");
      return "was not refused";
    } catch (error) {
      if (error instanceof ProblemError) return error.message;
      throw error;
    }
  });
  process.stdout.write(
    `refuse: ${refused.seconds.toFixed(1)} s, ${Math.round(planted.bytes / 1024 ** 2 / refused.seconds)} MiB / s, resident ` +
      `${refused.startMiB} MiB before, ${refused.peakMiB} MiB at most; ${refused.result} Stored: ${await stored()}\n`,
  );
  if (!options.refuse) {
    const kept = await withPeakMemory(() => run("skip"));
    const { rejections: _listed, ...report } = kept.result.report;
    let listed = 0;
    let mistaken = 0;
    for await (const line of createInterface({ input: createReadStream(kept.result.rejectionsPath) })) {
      listed += 1;
      if (!planted.bad.has((JSON.parse(line) as { line: number }).line)) mistaken += 1;
    }
    await kept.result.release();
    process.stdout.write(
      `skip: ${kept.seconds.toFixed(1)} s, ${Math.round(planted.rows / kept.seconds)} rows / s, resident ` +
        `${kept.startMiB} MiB before, ${kept.peakMiB} MiB at most; ${JSON.stringify(report)}; stored: ${await stored()}; ` +
        `${listed} rejections listed, ${mistaken} of them of good lines, ${planted.bad.size - (listed - mistaken)} bad lines missed\n`,
    );
  }
} finally {
  await connection.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
}
