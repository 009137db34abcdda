import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { connectDatabase, migrate } from "../database/index.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser URL of the PostgreSQL under test; null where there is none. */
    postgresUrl: string | null;
    /** Every database that this run makes starts with it; `<prefix>template` is migrated and never connected to. */
    databasePrefix: string;
    /** A directory with two data directories of PGlite, neither of them open: `migrated` and `empty`. */
    pgliteTemplates: string;
  }
}

async function query(url: string, text: string, values: unknown[] = []): Promise<{ datname: string }[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ datname: string }>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function migrateTemplate(url: string, name: string): Promise<void> {
  await query(url, `CREATE DATABASE ${name}`);
  const database = await connectDatabase({
    databaseUrl: Object.assign(new URL(url), { pathname: `/${name}` }).href,
    dataDirectory: "",
  });
  await migrate(database);
  await database.close();
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const found = await query(url, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", [prefix]);
  for (const { datname } of found) await query(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}

async function makePgliteTemplates(directory: string): Promise<void> {
  const [empty, migrated] = [join(directory, "empty"), join(directory, "migrated")];
  await (await connectDatabase({ dataDirectory: empty })).close();
  cpSync(empty, migrated, { recursive: true });
  const database = await connectDatabase({ dataDirectory: migrated });
  await migrate(database);
  await database.close();
}

/** Vitest's global set-up of the integration project: one server, one migrated template per engine. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `als_test_${process.pid}_${randomBytes(3).toString("hex")}_`;
  const pgliteTemplates = mkdtempSync(join(tmpdir(), "als-pglite-"));
  const named = process.env.TEST_DATABASE_URL;
  const embedded = named === undefined || named === "" ? await startEmbeddedPostgres() : undefined;
  const url = embedded?.url ?? (named === "" ? undefined : named) ?? null;
  if (url === null) {
    process.stderr.write(
      `No PostgreSQL binaries for ${process.platform}-${process.arch} and no TEST_DATABASE_URL: the PostgreSQL half of each suite is skipped.\n`,
    );
  }
  const teardown = async (): Promise<void> => {
    if (url !== null && embedded === undefined) await dropDatabases(url, prefix);
    await embedded?.stop();
    rmSync(pgliteTemplates, { recursive: true, force: true });
  };
  try {
    await Promise.all([
      makePgliteTemplates(pgliteTemplates),
      url === null ? undefined : migrateTemplate(url, `${prefix}template`),
    ]);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("postgresUrl", url);
  project.provide("databasePrefix", prefix);
  project.provide("pgliteTemplates", pgliteTemplates);
  return teardown;
}
