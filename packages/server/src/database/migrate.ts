import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseConnection } from "./connect.ts";
import { findMigrationsFolder } from "./migrations-folder.ts";

// The Supabase CLI's own ledger, so that either tool sees what the other applied.
const LEDGER = `
  CREATE SCHEMA IF NOT EXISTS supabase_migrations;
  CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version TEXT PRIMARY KEY, statements TEXT[], name TEXT);`;
const ADVISORY_LOCK = 4_207_311_518;

interface Session {
  script(sql: string): Promise<unknown>;
  versions(): Promise<string[]>;
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
  await session.script(LEDGER);
  const done = new Set(await session.versions());
  const pending = migrations.filter((migration) => !done.has(migration.version));
  if (!dryRun) {
    for (const { version, name, sql } of pending) {
      const ledger = `INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ('${version}', '${name}');`;
      await session.script(`BEGIN; ${sql}\n${ledger} COMMIT;`).catch(async (error: unknown) => {
        await session.script("ROLLBACK").catch(() => undefined);
        throw new Error(`migration ${version}_${name} failed; nothing of it was kept`, { cause: error });
      });
    }
  }
  return pending.map((migration) => `${migration.version}_${migration.name}`);
}

/**
 * Brings the schema up to date, one migrator at a time (advisory lock).
 * @returns the names of the migrations that were applied, or with `dryRun` would be
 */
export async function migrate(
  database: DatabaseConnection,
  options: { dryRun?: boolean; migrations?: Migration[] } = {},
): Promise<string[]> {
  const migrations = options.migrations ?? readMigrations();
  const dryRun = options.dryRun ?? false;
  const versionsQuery = "SELECT version FROM supabase_migrations.schema_migrations";
  if (database.raw.engine === "pglite") {
    const { pglite } = database.raw;
    return apply(
      {
        script: (sql) => pglite.exec(sql),
        versions: async () =>
          (await pglite.query<{ version: string }>(versionsQuery)).rows.map((row) => row.version),
      },
      migrations,
      dryRun,
    );
  }
  const client = await database.raw.pool.connect();
  try {
    await client.query("SET statement_timeout = 0");
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    return await apply(
      {
        script: (sql) => client.query(sql),
        versions: async () =>
          (await client.query<{ version: string }>(versionsQuery)).rows.map((row) => row.version),
      },
      migrations,
      dryRun,
    );
  } finally {
    // The session holds the lock and the changed timeout: drop it rather than hand it back to the pool.
    client.release(true);
  }
}
