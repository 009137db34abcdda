import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  PGliteAdapter,
  PGliteDialect,
  PGliteDriver,
  type PGliteDialectConfig,
} from "kysely";

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

/** Hands the one PGlite session to one caller at a time, in order of asking. */
class SerialPgliteDriver extends PGliteDriver {
  readonly #waitMilliseconds: number;
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;
  #statementFailed = false;

  constructor(config: PGliteDialectConfig, waitMilliseconds: number) {
    super(config);
    this.#waitMilliseconds = waitMilliseconds;
  }

  override async init(): Promise<void> {
    await super.init();
    const connection = await super.acquireConnection();
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async (query, options) => {
      try {
        return await execute(query, options);
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
  readonly #config: PGliteDialectConfig;
  readonly #waitMilliseconds: number;

  /** @param waitMilliseconds how long a caller waits for its turn before it gets an error */
  constructor(config: PGliteDialectConfig, waitMilliseconds: number = WAIT_MILLISECONDS) {
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
