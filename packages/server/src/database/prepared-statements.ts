import { type RawBuilder, sql } from "kysely";
import type { ClientBase } from "pg";

const MARK = /^\s*\/\* prepared (\w{1,60}) \*\//;

/**
 * Begins a statement that is run so often that planning it each time would cost more than running it: PostgreSQL keeps its
 * plan on each connection under this name. The text has to be the same every time: values go in as parameters, lists of them
 * as one JSON parameter. PGlite keeps these from their first run on, others from their fifth (`PgliteStatements`).
 */
export function prepared(name: string): RawBuilder<unknown> {
  return sql.raw(`/* prepared ${name} */`);
}

/** The name of a statement that `prepared` begins, or undefined. */
export function preparedName(text: string): string | undefined {
  return MARK.exec(text)?.[1];
}

/** Makes a connection of the pool prepare the statements that ask for it. */
export function prepareStatements(client: ClientBase): void {
  const query = client.query.bind(client) as (...input: unknown[]) => unknown;
  const preparing = (...input: unknown[]): unknown => {
    const [text, values, ...rest] = input;
    const name = typeof text === "string" && Array.isArray(values) ? preparedName(text) : undefined;
    return name === undefined ? query(...input) : query({ name, text, values }, ...rest);
  };
  client.query = preparing as typeof client.query;
}
