import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, inject } from "vitest";
import {
  connectDatabase,
  type ConnectOptions,
  type DatabaseConnection,
  withSystem,
} from "../database/index.ts";

/** The engines that every integration suite runs on. */
export const ENGINES = ["postgresql", "pglite"] as const;
export type Engine = (typeof ENGINES)[number];

/** Where a test's own database is; `connect` opens it (PGlite: once at a time). */
export interface TestDatabase {
  readonly engine: Engine;
  readonly options: ConnectOptions;
  connect(options?: Partial<ConnectOptions>): Promise<DatabaseConnection>;
  drop(): Promise<void>;
}

/** True when PostgreSQL can be tested here. */
export function hasPostgres(): boolean {
  return inject("postgresUrl") !== null;
}

/** Runs one statement as the superuser, outside any test's database. */
export async function asSuperuser(statement: string, database = "postgres"): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl(database) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The superuser's URL of one database of the server under test. */
export function databaseUrl(database: string): string {
  const url = inject("postgresUrl");
  if (url === null) throw new Error("there is no PostgreSQL here: guard the test with hasPostgres()");
  return database === "postgres" ? url : Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** Makes a database for one suite: a migrated copy of the template, or an empty one. */
export async function createTestDatabase(
  engine: Engine,
  { migrated = true }: { migrated?: boolean } = {},
): Promise<TestDatabase> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "als-data-"));
  const removeDirectory = (): void => rmSync(dataDirectory, { recursive: true, force: true });
  let options: ConnectOptions;
  let drop = async (): Promise<void> => removeDirectory();
  if (engine === "pglite") {
    const template = join(inject("pgliteTemplates"), migrated ? "migrated" : "empty");
    cpSync(template, dataDirectory, { recursive: true });
    options = { dataDirectory };
  } else {
    const prefix = inject("databasePrefix");
    const name = `${prefix}${randomBytes(5).toString("hex")}`;
    await asSuperuser(`CREATE DATABASE ${name}${migrated ? ` TEMPLATE ${prefix}template` : ""}`);
    options = { dataDirectory, databaseUrl: databaseUrl(name) };
    drop = async () => {
      removeDirectory();
      await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    };
  }
  return {
    engine,
    options,
    connect: (extra) => connectDatabase({ ...options, ...extra }),
    drop,
  };
}

/** What a suite sees; `database` is open from before its first test until after its last. */
export interface EngineSuite {
  readonly engine: Engine;
  readonly database: DatabaseConnection;
  readonly testDatabase: TestDatabase;
}

/**
 * The same suite on PostgreSQL and on PGlite, each with a migrated database of its own that is shared by the suite's tests:
 * make an organization per test rather than a database.
 */
export function describeEachEngine(name: string, suite: (context: EngineSuite) => void): void {
  for (const engine of ENGINES) {
    describe.skipIf(engine === "postgresql" && !hasPostgres())(`${name} (${engine})`, () => {
      let testDatabase: TestDatabase | undefined;
      let database: DatabaseConnection | undefined;
      beforeAll(async () => {
        testDatabase = await createTestDatabase(engine);
        database = await testDatabase.connect();
      });
      afterAll(async () => {
        await database?.close();
        await testDatabase?.drop();
      });
      const open = <T>(value: T | undefined): T => {
        if (value === undefined) throw new Error("the database is open inside tests and hooks only");
        return value;
      };
      suite({
        engine,
        get database() {
          return open(database);
        },
        get testDatabase() {
          return open(testDatabase);
        },
      });
    });
  }
}

/** Sets the offset of learning_now(), as a PostgreSQL interval: `"24 hours"`, `"0"`. */
export async function setClock(database: DatabaseConnection, offset: string): Promise<void> {
  await withSystem(database.kysely, (tx) =>
    sql`UPDATE learning_clock SET clock_offset = ${offset}::interval`.execute(tx),
  );
}
