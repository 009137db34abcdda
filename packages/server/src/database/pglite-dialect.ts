import {
  type DatabaseConnection,
  type Driver,
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

/** Hands the one PGlite session to one caller at a time, in order of asking. */
class SerialPgliteDriver extends PGliteDriver {
  readonly #waitMilliseconds: number;
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  constructor(config: PGliteDialectConfig, waitMilliseconds: number) {
    super(config);
    this.#waitMilliseconds = waitMilliseconds;
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
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    this.#release?.();
  }
}

/** Kysely's PGlite dialect made safe for concurrent callers: upstream lets them share an open transaction. */
export class SerialPgliteDialect extends PGliteDialect {
  readonly #config: PGliteDialectConfig;
  readonly #waitMilliseconds: number;

  /** @param waitMilliseconds how long a caller waits for its turn before it gets an error */
  constructor(config: PGliteDialectConfig, waitMilliseconds: number = WAIT_MILLISECONDS) {
    super(config);
    this.#config = config;
    this.#waitMilliseconds = waitMilliseconds;
  }

  override createDriver(): Driver {
    return new SerialPgliteDriver(this.#config, this.#waitMilliseconds);
  }
}
