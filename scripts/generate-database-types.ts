// Writes packages/server/src/database/schema.ts from the migrations, by applying them to an in-memory PGlite.
// Run: npm run generate:database-types
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";

const TYPES: Record<string, string> = {
  uuid: "string",
  text: "string",
  varchar: "string",
  bool: "boolean",
  int2: "number",
  int4: "number",
  int8: "number",
  float8: "number",
  numeric: "number",
  timestamptz: "Date",
  date: "string",
  jsonb: "Json",
  bytea: "Buffer",
  interval: "string",
};

interface Column {
  table_name: string;
  column_name: string;
  udt_name: string;
  is_nullable: "YES" | "NO";
  has_default: boolean;
}

function pascal(name: string): string {
  return name.replaceAll(/(^|_)([a-z])/g, (_match, _separator, letter: string) => letter.toUpperCase());
}

function columnType(column: Column): string {
  const base = TYPES[column.udt_name];
  if (base === undefined)
    throw new Error(`no TypeScript type for ${column.udt_name} (${column.table_name}.${column.column_name})`);
  if (base === "Json") {
    const nullable = column.is_nullable === "YES";
    if (nullable) return "NullableJsonColumn";
    return column.has_default ? "DefaultedJsonColumn" : "JsonColumn";
  }
  const nullable = column.is_nullable === "YES" ? `${base} | null` : base;
  return column.has_default ? `Generated<${nullable}>` : nullable;
}

const folder = new URL("../supabase/migrations/", import.meta.url);
const database = await PGlite.create();
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort()) {
  await database.exec(readFileSync(new URL(file, folder), "utf8"));
}
const { rows } = await database.query<Column>(`
  SELECT table_name, column_name, udt_name, is_nullable, (column_default IS NOT NULL OR is_generated = 'ALWAYS') AS has_default
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`);
await database.close();

const tables = Map.groupBy(rows, (row) => row.table_name);
const lines = [
  "// Generated from supabase/migrations by `npm run generate:database-types`. Do not edit.",
  'import type { DefaultedJsonColumn, Generated, JsonColumn, NullableJsonColumn } from "./column-types.ts";',
  "",
];
for (const [table, columns] of tables) {
  lines.push(`export interface ${pascal(table)}Table {`);
  for (const column of columns) lines.push(`  ${column.column_name}: ${columnType(column)};`);
  lines.push("}", "");
}
lines.push("/** Every table, by its name in SQL. */", "export interface Schema {");
for (const table of tables.keys()) lines.push(`  ${table}: ${pascal(table)}Table;`);
lines.push("}", "");
const output = process.argv[2] ?? new URL("../packages/server/src/database/schema.ts", import.meta.url);
writeFileSync(output, lines.join("\n"));
