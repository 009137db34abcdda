import { Client } from "pg";
import { CURATION_FILLS } from "./curation-fills.ts";
import { EVIDENCE_FILLS } from "./evidence-fills.ts";
import { ORGANIZATION, type Volume } from "./fill.ts";
import { LEARNING_FILLS } from "./learning-fills.ts";
import { scaleFunctions } from "./scale-ids.ts";

const FILLS = [...EVIDENCE_FILLS, ...CURATION_FILLS, ...LEARNING_FILLS];

/** Tables that grow with the volume: where a whole one must never be read. */
export const LARGE_TABLES: ReadonlySet<string> = new Set(
  FILLS.filter(({ count }) => count({ rows: 1_000_000 }) > 2 * count({ rows: 100_000 })).map(
    ({ table }) => table,
  ),
);

async function secondaryIndexes(
  client: Client,
  table: string,
): Promise<{ name: string; definition: string }[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [table],
  );
  return rows;
}

/**
 * Fills a migrated, empty database. Rows are made inside the database, without checking foreign keys, and indexes are built
 * afterwards.
 */
export async function fillDatabase(url: string, volume: Volume): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(scaleFunctions(volume.rows));
    await client.query(
      "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'",
    );
    await client.query(
      `INSERT INTO organizations (id, name, slug) VALUES (${ORGANIZATION}, 'Large', 'large')`,
    );
    for (const { table, count, columns } of FILLS) {
      const indexes = await secondaryIndexes(client, table);
      for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
      await client.query(`INSERT INTO ${table} (organization_id, ${Object.keys(columns).join(", ")})
        SELECT ${ORGANIZATION}, ${Object.values(columns).join(", ")} FROM generate_series(0, ${count(volume) - 1}::bigint) AS g(n)`);
      for (const { definition } of indexes) await client.query(definition);
    }
    await client.query(`INSERT INTO audit_heads (organization_id, sequence, hash)
      SELECT organization_id, sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1`);
    // Both, as a database does by itself after a while: plans are others before.
    await client.query("VACUUM ANALYZE");
  } finally {
    await client.end();
  }
}
