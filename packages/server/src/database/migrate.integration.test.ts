import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDatabase, ENGINES, hasPostgres, type TestDatabase } from "../testing/test-database.ts";
import { type DatabaseConnection, migrate, readMigrations } from "./index.ts";
import type { Migration } from "./migrate.ts";

const first: Migration = { version: "20300101000000", name: "first", sql: "CREATE TABLE one (id INT);" };
const second: Migration = { version: "20300102000000", name: "second", sql: "CREATE TABLE two (id INT);" };
const broken: Migration = {
  version: "20300103000000",
  name: "broken",
  sql: "CREATE TABLE three (id INT);\nINSERT INTO three VALUES (1);\nSELECT no_such_function();",
};

describe.each(ENGINES)("migrate (%s)", (engine) => {
  const open: (DatabaseConnection | TestDatabase)[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await ("close" in one ? one.close() : one.drop());
  });
  const skipped = engine === "postgresql" && !hasPostgres();

  async function emptyDatabase(): Promise<TestDatabase> {
    const testDatabase = await createTestDatabase(engine, { migrated: false });
    open.push(testDatabase);
    return testDatabase;
  }

  async function connect(testDatabase: TestDatabase): Promise<DatabaseConnection> {
    const database = await testDatabase.connect();
    open.push(database);
    return database;
  }

  async function tables(database: DatabaseConnection): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`SELECT schemaname || '.' || tablename AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`.execute(database.kysely);
    return rows.map((row) => row.name);
  }

  it.skipIf(skipped)(
    "applies each migration once, in order, and keeps the ledger of the Supabase CLI",
    async () => {
      const database = await connect(await emptyDatabase());
      expect(await migrate(database, { migrations: [first] })).toEqual(["20300101000000_first"]);
      expect(await migrate(database, { migrations: [first, second] })).toEqual(["20300102000000_second"]);
      expect(await migrate(database, { migrations: [first, second] })).toEqual([]);
      const { rows } =
        await sql`SELECT version, name FROM supabase_migrations.schema_migrations ORDER BY version`.execute(
          database.kysely,
        );
      expect(rows).toEqual([
        { version: first.version, name: "first" },
        { version: second.version, name: "second" },
      ]);
    },
  );

  it.skipIf(skipped)("says in a dry run what it would do and touches nothing", async () => {
    const database = await connect(await emptyDatabase());
    const names = readMigrations().map(({ version, name }) => `${version}_${name}`);
    expect(names.length).toBeGreaterThan(0);
    expect(await migrate(database, { dryRun: true })).toEqual(names);
    expect(await tables(database)).toEqual([]);
    expect(await migrate(database)).toEqual(names);
    expect(await migrate(database, { dryRun: true })).toEqual([]);
    expect(await tables(database)).toContain("public.agents");
  });

  it.skipIf(skipped)(
    "keeps nothing of a migration that fails, keeps those before it, and goes on once it is mended",
    async () => {
      const database = await connect(await emptyDatabase());
      const failure = migrate(database, { migrations: [first, broken] });
      await expect(failure).rejects.toThrow("migration 20300103000000_broken failed; nothing of it was kept");
      await expect(failure).rejects.toMatchObject({ cause: { code: "42883" } });
      expect(await tables(database)).toEqual(["public.one", "supabase_migrations.schema_migrations"]);
      const mended = { ...broken, sql: "CREATE TABLE three (id INT);" };
      expect(await migrate(database, { migrations: [first, mended] })).toEqual(["20300103000000_broken"]);
      expect(await tables(database)).toContain("public.three");
    },
  );

  // PGlite takes one process and has one session.
  if (engine === "pglite") return;
  it.skipIf(skipped)("lets many migrators start at once", async () => {
    const testDatabase = await emptyDatabase();
    const databases = await Promise.all([1, 2, 3, 4, 5].map(() => connect(testDatabase)));
    const applied = await Promise.all(databases.map((database) => migrate(database)));
    expect(applied.filter((names) => names.length > 0)).toEqual([
      readMigrations().map(({ version, name }) => `${version}_${name}`),
    ]);
  });
});
