import { type RawBuilder, sql } from "kysely";
import type { Json } from "./column-types.ts";

/** A jsonb parameter. The caller's value must be JSON (no undefined, no NUL, no lone surrogates). */
export function json(value: unknown): RawBuilder<Json> {
  return sql<Json>`${JSON.stringify(value)}::jsonb`;
}
