import type { PGlite, protocol } from "@electric-sql/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  PGliteAdapter,
  PGliteDialect,
  PGliteDriver,
} from "kysely";
import { PgliteStatements } from "./pglite-statements.ts";

const WAIT_MILLISECONDS = 30_000;

async function endsWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => (timer = setTimeout(done, milliseconds, false)));
  const ended = promise.then(() => true);
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

/** A transaction ended in a rollback although its work resolved: a statement of it had failed. */
export class TransactionAbortedError extends Error {
  override name = "TransactionAbortedError";
}

export interface SerialPgliteConfig {
  pglite: PGlite;
  /** The module's own `protocol`; a parameter, as PGlite is loaded only where it is used. */
  protocol: typeof protocol;
}

/** Hands the one PGlite session to one caller at a time, in order of asking. */
class SerialPgliteDriver extends PGliteDriver {
  readonly #waitMilliseconds: number;
  readonly #statements: PgliteStatements;
  #inTransaction = false;
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;
  #statementFailed = false;

  constructor(config: SerialPgliteConfig, waitMilliseconds: number) {
    super(config);
    this.#waitMilliseconds = waitMilliseconds;
    this.#statements = new PgliteStatements(config.pglite, config.protocol);
  }

  override async init(): Promise<void> {
    await super.init();
    const connection = await super.acquireConnection();
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async (query, options) => {
      try {
        return await (this.#inTransaction ? this.#statements.run(query) : execute(query, options));
      } catch (error) {
        this.#statementFailed = true;
        throw error;
      }
    };
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    if (!(await endsWithin(before, this.#waitMilliseconds))) {
      void before.then(resolve);
      // Also what a query outside a transaction that its caller holds open would wait for, for ever.
      throw new Error("timeout exceeded when waiting for the embedded database: a transaction holds it");
    }
    this.#release = resolve;
    this.#statementFailed = false;
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    this.#release?.();
  }

  override async beginTransaction(
    connection: Parameters<PGliteDriver["beginTransaction"]>[0],
  ): Promise<void> {
    await super.beginTransaction(connection);
    this.#inTransaction = true;
  }

  override async rollbackTransaction(
    connection: Parameters<PGliteDriver["rollbackTransaction"]>[0],
  ): Promise<void> {
    this.#inTransaction = false;
    await super.rollbackTransaction(connection);
  }

  /** PGlite's own COMMIT says nothing when it was a rollback: work that swallowed an error would count as committed. */
  override async commitTransaction(
    connection: Parameters<PGliteDriver["commitTransaction"]>[0],
  ): Promise<void> {
    if (this.#statementFailed) {
      await connection.executeQuery(CompiledQuery.raw("SELECT 1")).catch((cause: unknown) => {
        throw new TransactionAbortedError("the transaction was rolled back: a statement of it had failed", {
          cause,
        });
      });
    }
    this.#inTransaction = false;
    await super.commitTransaction(connection);
  }
}

class SerialPgliteAdapter extends PGliteAdapter {
  // Otherwise Kysely takes turns itself, and lets a caller wait for ever.
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/**
 * Kysely's PGlite dialect with a limit to how long a caller waits for the one session, and with a failed COMMIT that is an
 * error.
 */
export class SerialPgliteDialect extends PGliteDialect {
  readonly #config: SerialPgliteConfig;
  readonly #waitMilliseconds: number;

  /** @param waitMilliseconds how long a caller waits for its turn before it gets an error */
  constructor(config: SerialPgliteConfig, waitMilliseconds: number = WAIT_MILLISECONDS) {
    super(config);
    this.#config = config;
    this.#waitMilliseconds = waitMilliseconds;
  }

  override createAdapter(): DialectAdapter {
    return new SerialPgliteAdapter();
  }

  override createDriver(): Driver {
    return new SerialPgliteDriver(this.#config, this.#waitMilliseconds);
  }
}
