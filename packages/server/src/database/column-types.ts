import type { ColumnType, Generated as KyselyGenerated, RawBuilder } from "kysely";

/** A column that the database fills when an insert leaves it out. */
export type Generated<T> = KyselyGenerated<T>;

/** A JSON value as jsonb gives it back. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

// Only json() makes a value for a jsonb column: a bare array would reach PostgreSQL as an array literal.
export type JsonColumn = ColumnType<Json, RawBuilder<Json>, RawBuilder<Json>>;
export type DefaultedJsonColumn = ColumnType<Json, RawBuilder<Json> | undefined, RawBuilder<Json>>;
export type NullableJsonColumn = ColumnType<
  Json | null,
  RawBuilder<Json> | null | undefined,
  RawBuilder<Json> | null
>;
