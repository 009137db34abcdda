import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import type { DatabaseConnection } from "./connect.ts";
import { findMigrationsFolder } from "./migrations-folder.ts";

// The Supabase CLI's own ledger, so that either tool sees what the other applied.
const LEDGER = `
  CREATE SCHEMA IF NOT EXISTS supabase_migrations;
  CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version TEXT PRIMARY KEY, statements TEXT[], name TEXT);`;
const ADVISORY_LOCK = 4_207_311_518;

const VERSIONS = "SELECT version FROM supabase_migrations.schema_migrations";
const HAS_LEDGER = "SELECT to_regclass('supabase_migrations.schema_migrations') IS NOT NULL AS present";

interface Session {
  script(sql: string): Promise<unknown>;
  query(sql: string): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface Migration {
  version: string;
  name: string;
  sql: string;
}

/** The migrations on disk, oldest first. */
export function readMigrations(folder: string = findMigrationsFolder()): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{14}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: file.slice(0, 14),
      name: file.slice(15, -4),
      sql: readFileSync(join(folder, file), "utf8"),
    }));
}

async function apply(session: Session, migrations: Migration[], dryRun: boolean): Promise<string[]> {
  if (!dryRun) await session.script(LEDGER);
  const ledger = await session.query(HAS_LEDGER);
  const applied = ledger.rows[0]?.present === true ? (await session.query(VERSIONS)).rows : [];
  const done = new Set(applied.map((row) => row.version));
  const pending = migrations.filter((migration) => !done.has(migration.version));
  if (!dryRun) {
    for (const { version, name, sql } of pending) {
      const entry = `INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ('${version}', '${name}');`;
      await session.script(`BEGIN; ${sql}\n${entry} COMMIT;`).catch(async (error: unknown) => {
        await session.script("ROLLBACK").catch(() => undefined);
        throw new Error(`migration ${version}_${name} failed; nothing of it was kept`, { cause: error });
      });
    }
  }
  return pending.map((migration) => `${migration.version}_${migration.name}`);
}

/**
 * Brings the schema up to date, one migrator at a time (advisory lock).
 * @returns the names of the migrations that were applied, or with `dryRun`, which changes nothing, would be
 */
export async function migrate(
  database: DatabaseConnection,
  options: { dryRun?: boolean; migrations?: Migration[] } = {},
): Promise<string[]> {
  const { migrations = readMigrations(), dryRun = false } = options;
  if (database.raw.engine === "pglite") {
    const { pglite } = database.raw;
    return apply(
      { script: (sql) => pglite.exec(sql), query: (sql) => pglite.query(sql) },
      migrations,
      dryRun,
    );
  }
  // Not from the pool: its time limits are for requests. The session's end gives the lock back.
  const client = new Client({ connectionString: database.raw.url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    const query = (sql: string) => client.query<Record<string, unknown>>(sql);
    return await apply({ script: query, query }, migrations, dryRun);
  } finally {
    await client.end();
  }
}
