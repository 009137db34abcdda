// A training dataset of a million examples: how long its build and its freezing take, how much memory, and how fast it is exported.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/dataset-build.ts
//
// Makes a database of its own and drops it. Texts of 40 made-up words; two of a hundred nearly repeat an earlier one and a tenth belong to
// a session with others. The build runs in this process, whose resident memory is read ten times a second; the time for one document is
// the near-duplicate search alone, without a database. Options: --examples N (1000000).
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import {
  createDataset,
  exportDataset,
  freezeDataset,
} from "../packages/server/src/curation/datasets/index.ts";
import { NearDuplicates } from "../packages/server/src/curation/datasets/near-duplicates.ts";
import { openDesk } from "../packages/server/src/curation/curation.testing.ts";
import { connectDatabase, migrate, withSystem } from "../packages/server/src/database/index.ts";
import { newId } from "../packages/server/src/new-id.ts";
import { withPeakMemory } from "./curation-scale/resident-memory.ts";
import { createTexts } from "./curation-scale/made-up-texts.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";

const { values: options } = parseArgs({ options: { examples: { type: "string", default: "1000000" } } });
const examples = Number(options.examples);
const BATCH = 5_000;
const WORDS = 40;

const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write("Set DATABASE_URL to a PostgreSQL server on which databases may be created.\n");
  process.exit(2);
}

/** So many texts, in batches; the same ones every time. */
function* batches(): Generator<{ text: string; session: number | null }[]> {
  const source = createTexts("datasets");
  let previous = source.text(WORDS);
  for (let start = 0; start < examples; start += BATCH) {
    yield Array.from({ length: Math.min(BATCH, examples - start) }, (_, offset) => {
      const n = start + offset;
      previous = n % 50 === 49 ? source.nearly(previous) : source.text(WORDS);
      return { text: previous, session: n % 10 === 0 ? Math.floor(n / 50) : null };
    });
  }
}

function report(name: string, run: { seconds: number; startMiB: number; peakMiB: number }): void {
  process.stdout.write(
    `${name}: ${run.seconds.toFixed(1)} s, ${Math.round(examples / run.seconds)} examples / s, ` +
      `resident ${run.startMiB} MiB before, ${run.peakMiB} MiB at most\n`,
  );
}

const search = await withPeakMemory(async () => {
  const near = new NearDuplicates();
  let adding = 0;
  for (const batch of batches()) {
    const begin = performance.now();
    for (const { text } of batch) near.add(text);
    adding += performance.now() - begin;
  }
  const begin = performance.now();
  let links = 0;
  for (const link of near.links()) if (link !== null) links += 1;
  const linking = performance.now() - begin;
  return { links, milliseconds: (adding + linking) / examples };
});
process.stdout.write(
  `near-duplicates of ${examples} documents of ${WORDS} words: ${search.result.milliseconds.toFixed(4)} ms a document, ` +
    `${search.result.links} links, resident ${search.peakMiB} MiB at most\n`,
);

const database = await openDatabase(url);
const connection = await connectDatabase({ databaseUrl: database.url, dataDirectory: "" });
try {
  await migrate(connection);
  const desk = await openDesk(connection, {
    policy: { training: { min_human_verified: 0, min_doubly_annotated: 0, min_annotation_agreement: 0 } },
  });
  process.stdout.write(`${await database.describe()}\n`);
  const organization = desk.organization.id;
  for (const batch of batches()) {
    const rows = batch.map(({ text, session }) => ({
      id: newId(),
      text,
      group_key: session === null ? newId() : `session:${session}`,
    }));
    await withSystem(connection.kysely, (tx) =>
      sql`INSERT INTO learning_examples (organization_id, id, agent_id, example_type, input_context, input_text, original_output,
          expected_output, source_type, group_key, review_status, quality_score)
        SELECT ${organization}::uuid, r.id, ${desk.agentId}::uuid, 'positive', '{}', r.text, 'answer', 'answer', 'import', r.group_key,
          'approved', 0.9
        FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, text text, group_key text)`.execute(
        tx,
      ),
    );
  }
  await withSystem(connection.kysely, (tx) => sql`SELECT 1`.execute(tx));
  globalThis.gc?.();
  const admin = desk.as("admin");
  const built = await withPeakMemory(() =>
    admin.transact((ctx) =>
      createDataset({
        ctx,
        input: {
          agent_id: desk.agentId,
          name: "million",
          selection: {},
          split: { train: 0.8, validation: 0.1, test: 0.1 },
        },
      }),
    ),
  );
  report("build of the draft", built);
  const datasetId = built.result.id;
  const frozen = await withPeakMemory(() =>
    admin.transact((ctx) => freezeDataset({ ctx, input: { datasetId } })),
  );
  report("freezing", frozen);
  process.stdout.write(
    `${frozen.result.total_examples} items, splits ${JSON.stringify(frozen.result.split_counts)}, duplicates ` +
      `${JSON.stringify(frozen.result.card.duplicates)}, ${frozen.result.content_hash}\n`,
  );
  for (const turn of ["first", "second"]) {
    const hash = createHash("sha256");
    let bytes = 0;
    const exported = await withPeakMemory(async () => {
      const { chunks } = await exportDataset(admin, { datasetId, format: "jsonl" });
      for await (const chunk of chunks) {
        bytes += Buffer.byteLength(chunk);
        hash.update(chunk);
      }
    });
    report(`${turn} export of ${Math.round(bytes / 1024 ** 2)} MiB`, exported);
    process.stdout.write(`SHA-256 ${hash.digest("hex")}\n`);
  }
} finally {
  await connection.close();
  await database.drop();
}
