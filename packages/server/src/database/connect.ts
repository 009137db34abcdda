import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PostgresDialect } from "kysely";
import { Pool, types as pgTypes } from "pg";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { endHungConnections } from "./hung-connections.ts";
import { SerialPgliteDialect } from "./pglite-dialect.ts";
import { prepareStatements } from "./prepared-statements.ts";
import type { Schema } from "./schema.ts";
import { joinBeginAndClaims } from "./tenant-claims.ts";
import { valueParsers } from "./value-parsers.ts";

/** An open database: queries through Kysely, and the raw driver for migrations and the job queue. */
export interface DatabaseConnection {
  readonly kysely: Kysely<Schema>;
  readonly raw:
    | { readonly engine: "postgresql"; readonly pool: Pool; readonly url: string }
    | { readonly engine: "pglite"; readonly pglite: PGlite };
  /** Ends every connection and releases the data directory. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** PostgreSQL connection string; without it the embedded database under `dataDirectory` is used. */
  databaseUrl?: string | undefined;
  dataDirectory: string;
  /** Connections to PostgreSQL at most. */
  poolSize?: number;
  /** PostgreSQL ends a statement that takes longer, and a connection that does not even say so is given up. */
  statementMilliseconds?: number;
  /** Called when an idle connection breaks; queries in flight reject by themselves. */
  onConnectionError?: (error: Error) => void;
}

/**
 * Opens PostgreSQL or the embedded PGlite.
 * @throws DataDirectoryLockedError when another process has the embedded database open
 */
export async function connectDatabase(options: ConnectOptions): Promise<DatabaseConnection> {
  return options.databaseUrl === undefined
    ? connectPglite(options.dataDirectory)
    : connectPostgres(options.databaseUrl, options);
}

const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 30_000;
// What the database's own "cancelled" may take to arrive.
const GRACE_MILLISECONDS = 2_000;

function connectPostgres(url: string, options: ConnectOptions): DatabaseConnection {
  const getTypeParser = (id: number, format?: "text" | "binary"): ((value: never) => unknown) =>
    (format === "binary" ? undefined : valueParsers.get(id)) ?? pgTypes.getTypeParser(id, format);
  const statementMilliseconds = options.statementMilliseconds ?? STATEMENT_MILLISECONDS;
  const pool = new Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    query_timeout: statementMilliseconds + GRACE_MILLISECONDS,
    statement_timeout: statementMilliseconds,
    keepAlive: true,
    // The first statement of a transaction does not wait for its beginning: see joinBeginAndClaims.
    pipeline: true,
    types: { getTypeParser },
  });
  // The pool listens to idle connections only. One that breaks inside a transaction, between two queries, would end the
  // process, so each connection has its own listener, and the pool's event says nothing more.
  pool.on("connect", (client) => void client.on("error", (error) => options.onConnectionError?.(error)));
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    endHungConnections(client);
    prepareStatements(client);
    joinBeginAndClaims(client);
  });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { kysely, raw: { engine: "postgresql", pool, url }, close: () => kysely.destroy() };
}

async function connectPglite(dataDirectory: string): Promise<DatabaseConnection> {
  const release = lockDataDirectory(dataDirectory);
  try {
    const { PGlite, protocol } = await import("@electric-sql/pglite");
    const parsers = Object.fromEntries(valueParsers);
    const pglite = await PGlite.create({ dataDir: join(dataDirectory, "database"), parsers });
    const kysely = new Kysely<Schema>({ dialect: new SerialPgliteDialect({ pglite, protocol }) });
    const close = async (): Promise<void> => {
      await kysely.destroy();
      if (!pglite.closed) await pglite.close();
      release();
    };
    return { kysely, raw: { engine: "pglite", pglite }, close };
  } catch (error) {
    release();
    throw error;
  }
}
