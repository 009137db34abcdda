import { parse, type PGlite, type protocol, type QueryOptions } from "@electric-sql/pglite";
import type { CompiledQuery, QueryResult } from "kysely";
import { databaseError } from "./errors.ts";
import { preparedName } from "./prepared-statements.ts";

type Protocol = typeof protocol;
type Message = Parameters<typeof parse.parseResults>[0][number];

interface Known {
  /** Object ids of the parameters' types. */
  types: readonly number[];
  /** What it is prepared as; empty while it is not. */
  name: string;
  /** What the rows look like, of a prepared statement that has any. */
  row: Message | undefined;
  runs: number;
  /** The database has since changed under it: it has to be described again. */
  stale: boolean;
}

/** Texts whose parameters' types are remembered; a list of values in the text makes a new one each time. */
const TEXTS = 1_000;
/** A text that was run so often is prepared: reading and planning it anew takes longer than most statements run. */
const RUNS = 5;
/** Statements that are kept prepared, at most: each holds its plan in the database's memory. */
const PREPARED = 300;
const OPTIONS: QueryOptions = { rowMode: "object" };
// Classes of what a statement is refused for before it runs: a table or a type has changed, or it is prepared no more.
const STALE = /^(0A|26|42)/;

/**
 * Runs statements inside a transaction that holds PGlite's session, with one message where its own `query` sends six, and keeps
 * those prepared that come often or begin with `prepared`. PostgreSQL decides whether a kept plan or a new one is cheaper.
 */
export class PgliteStatements {
  readonly #pglite: PGlite;
  readonly #protocol: Protocol;
  readonly #known = new Map<string, Known>();
  #prepared = 0;

  constructor(pglite: PGlite, wire: Protocol) {
    this.#pglite = pglite;
    this.#protocol = wire;
  }

  /** @throws DatabaseError of PostgreSQL, with its `code`; the transaction is then aborted */
  async run<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { rows, affectedRows } = await this.#pglite.runExclusive(() => this.#send(sql, parameters));
      return {
        rows: rows as R[],
        ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }),
      };
    } catch (error) {
      const known = this.#known.get(sql);
      if (known !== undefined && STALE.test(databaseError(error)?.code ?? "")) known.stale = true;
      throw error;
    }
  }

  async #send(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<ReturnType<typeof parse.parseResults>[number]> {
    const { serialize } = this.#protocol;
    const { name, types, row } = await this.#meet(sql);
    const messages = await this.#exchange([
      ...(name === "" ? [serialize.parse({ text: sql })] : []),
      serialize.bind({ statement: name, values: this.#serialise(parameters, types) }),
      ...(row === undefined ? [serialize.describe({ type: "P" })] : []),
      serialize.execute({}),
    ]);
    const [result] = parse.parseResults(
      row === undefined ? messages : [row, ...messages],
      this.#pglite.parsers,
      OPTIONS,
    );
    return result ?? { rows: [], fields: [] };
  }

  /** What is known of a text: asked for when it is new, when it is prepared and when it has changed. */
  async #meet(sql: string): Promise<Known> {
    const known = this.#known.get(sql);
    const runs = (known?.runs ?? 0) + 1;
    const isOften = runs >= RUNS || preparedName(sql) !== undefined;
    const isNew = known === undefined;
    const begins = (known?.name ?? "") === "" && isOften && this.#prepared < PREPARED;
    if (!isNew && !known.stale && !begins) {
      known.runs = runs;
      return known;
    }
    if (isNew && this.#known.size >= TEXTS) this.#forgetUnprepared();
    const name = begins ? `statement_${this.#prepared}` : (known?.name ?? "");
    const { serialize } = this.#protocol;
    const described = await this.#exchange([
      ...(name === "" || begins ? [] : [serialize.close({ type: "S", name })]),
      serialize.parse({ text: sql, name }),
      serialize.describe({ type: "S", name }),
    ]);
    if (begins) this.#prepared += 1;
    const types = parse.parseDescribeStatementResults(described);
    const row = name === "" ? undefined : described.find((message) => message.name === "rowDescription");
    const met = { types, name, row, runs, stale: false };
    this.#known.set(sql, met);
    return met;
  }

  #forgetUnprepared(): void {
    for (const [sql, known] of this.#known) if (known.name === "") this.#known.delete(sql);
  }

  async #exchange(messages: readonly Uint8Array[]): Promise<Message[]> {
    const batch = Buffer.concat([...messages, this.#protocol.serialize.sync()]);
    return this.#pglite.execProtocolStream(batch, { syncToFs: false });
  }

  #serialise(parameters: readonly unknown[], types: readonly number[]): (string | null)[] {
    return parameters.map((value, at) => {
      if (value === null || value === undefined) return null;
      const serialise = this.#pglite.serializers[types[at] ?? 0];
      // What PGlite has no serialiser for goes as its text, as `query` sends it.
      return serialise === undefined ? String(value as string) : serialise(value);
    });
  }
}
