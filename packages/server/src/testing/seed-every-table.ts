import { randomBytes } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { Schema } from "../database/schema.ts";
import { newId } from "../new-id.ts";

/** Rows by table, as JSON values that `jsonb_populate_record` takes. */
export type SeededRows = ReadonlyMap<string, Record<string, unknown>>;

interface Column {
  table: string;
  name: string;
  type: string;
  wanted: boolean;
}

interface ForeignKey {
  table: string;
  columns: string[];
  target: string;
  targetColumns: string[];
}

// What the catalogue cannot tell: columns that a table's checks want together.
const CHOSEN: Readonly<Record<string, Record<string, unknown>>> = {
  api_keys: { kind: "secret" },
  training_datasets: { version: "1" },
  evaluation_answers: { output: "an answer" },
};

async function readColumns(tx: Transaction<Schema>): Promise<Column[]> {
  const { rows } = await sql<Column>`
    SELECT c.relname AS "table", a.attname AS name, t.typname AS type, a.attnotnull AND NOT a.atthasdef AS wanted
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname <> 'learning_clock' AND NOT c.relispartition
    ORDER BY c.relname, a.attnum`.execute(tx);
  return rows;
}

async function readForeignKeys(tx: Transaction<Schema>): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    SELECT c.conrelid::regclass::text AS "table", c.confrelid::regclass::text AS target,
      ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i) AS columns,
      ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i) AS "targetColumns"
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`.execute(tx);
  return rows;
}

/** The first value that a column's CHECK (column IN (…)) allows, by `table.column`. */
async function readAllowedValues(tx: Transaction<Schema>): Promise<Map<string, string>> {
  const { rows } = await sql<{ table: string; definition: string }>`
    SELECT conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace`.execute(tx);
  const allowed = new Map<string, string>();
  for (const { table, definition } of rows) {
    const match = /^CHECK \(\(\(?(\w+)\)?(?:::text)? = ANY \(\(?ARRAY\['([^']+)'/.exec(definition);
    if (match?.[1] !== undefined && match[2] !== undefined) allowed.set(`${table}.${match[1]}`, match[2]);
  }
  return allowed;
}

function madeUp(type: string): unknown {
  switch (type) {
    case "uuid":
      return newId();
    case "text":
    case "varchar":
      return randomBytes(6).toString("hex");
    case "int2":
    case "int4":
    case "int8":
      return 1;
    case "float8":
    case "numeric":
      return 0.25;
    case "jsonb":
      return {};
    case "bytea":
      return `\\x${randomBytes(32).toString("hex")}`;
    case "date":
      return "2026-01-01";
    case "timestamptz":
      return "2026-01-01T00:00:00Z";
    case "bool":
      return true;
    default:
      throw new Error(`no value is made up for the type ${type}`);
  }
}

/**
 * One row in every table, read from the catalogue, so that a table that is added later is covered without being listed.
 * Runs as the system role; fills the columns that must be filled and makes foreign keys point at the rows made before.
 */
export async function seedEveryTable(tx: Transaction<Schema>): Promise<SeededRows> {
  const columns = Map.groupBy(await readColumns(tx), (column) => column.table);
  const foreignKeys = await readForeignKeys(tx);
  const allowed = await readAllowedValues(tx);
  const rows = new Map<string, Record<string, unknown>>();

  const seed = async (table: string): Promise<void> => {
    const wanted = (columns.get(table) ?? []).filter((column) => column.wanted);
    const row: Record<string, unknown> = {};
    const mine = foreignKeys.filter(
      (key) =>
        key.table === table && key.columns.every((name) => wanted.some((column) => column.name === name)),
    );
    for (const { target, columns: names, targetColumns } of mine) {
      if (!rows.has(target)) await seed(target);
      for (const [index, name] of names.entries())
        row[name] ??= rows.get(target)?.[targetColumns[index] ?? ""];
    }
    if (wanted.some((column) => column.name === "organization_id")) {
      row.organization_id ??= rows.get("organizations")?.id;
    }
    for (const { name, type } of wanted) row[name] ??= allowed.get(`${table}.${name}`) ?? madeUp(type);
    Object.assign(row, CHOSEN[table]);
    await insertRow(tx, table, row);
    rows.set(table, row);
  };
  await seed("organizations");
  for (const table of columns.keys()) if (!rows.has(table)) await seed(table);
  return rows;
}

/** Inserts a row made of JSON values; columns that it lacks get their default. */
export async function insertRow(
  tx: Transaction<Schema>,
  table: string,
  row: Record<string, unknown>,
): Promise<void> {
  const names = sql.join(Object.keys(row).map((name) => sql.ref(name)));
  await sql`INSERT INTO ${sql.table(table)} (${names})
    SELECT ${names} FROM jsonb_populate_record(NULL::${sql.table(table)}, ${JSON.stringify(row)}::jsonb)`.execute(
    tx,
  );
}
