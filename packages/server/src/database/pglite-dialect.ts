import {
  type DatabaseConnection,
  type Driver,
  PGliteDialect,
  PGliteDriver,
  type PGliteDialectConfig,
} from "kysely";

/** Hands the one PGlite session to one caller at a time, in order of asking. */
class SerialPgliteDriver extends PGliteDriver {
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  override async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await before;
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

  constructor(config: PGliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new SerialPgliteDriver(this.#config);
  }
}
