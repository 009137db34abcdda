import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { describeEachEngine } from "../testing/test-database.ts";
import { GUIDE_TABLES, NOT_WRITTEN, STRICTER } from "./guide-tables.testing.ts";

interface GuideColumn {
  table: string;
  name: string;
  type: string;
  required: boolean;
  default: string | null;
  references: string | null;
}

interface StoredColumn {
  type: string;
  required: boolean;
  default: string | null;
}

const TYPES: readonly [RegExp, string][] = [
  [/^UUID/, "uuid"],
  [/^TEXT/, "text"],
  [/^INTEGER/, "integer"],
  [/^JSONB/, "jsonb"],
  [/^BOOLEAN/, "boolean"],
  [/^TIMESTAMPTZ/, "timestamp with time zone"],
  [/^VARCHAR\((\d+)\)/, "character varying($1)"],
  [/^DECIMAL\((\d+,\d+)\)/, "numeric($1)"],
];

function parse(table: string, line: string): GuideColumn {
  const [, name = "", rest = ""] = /^(\w+) (.+)$/.exec(line) ?? [];
  const [pattern, type] = TYPES.find(([known]) => known.test(rest)) ?? [];
  if (pattern === undefined || type === undefined) throw new Error(`no type is known for ${line}`);
  const matched = pattern.exec(rest);
  return {
    table,
    name,
    type: type.replace("$1", matched?.[1] ?? ""),
    required: / NOT NULL| PRIMARY KEY/.test(rest),
    default: / DEFAULT (\S+)/.exec(rest)?.[1] ?? null,
    references: / REFERENCES (\w+)\(id\)/.exec(rest)?.[1] ?? null,
  };
}

const guide = Object.entries(GUIDE_TABLES).flatMap(([table, { columns }]) =>
  columns
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => parse(table, line)),
);

describeEachEngine("the guide's tables", (context) => {
  const stored = new Map<string, StoredColumn>();
  const foreignKeys = new Set<string>();

  beforeAll(async () => {
    const columns = await sql<StoredColumn & { name: string }>`
      SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
        a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS default
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`.execute(
      context.database.kysely,
    );
    for (const { name, ...column } of columns.rows) stored.set(name, column);
    const keys = await sql<{ name: string }>`
      SELECT c.conrelid::regclass || '.' || a.attname || ' ' || c.confrelid::regclass AS name
      FROM pg_constraint c CROSS JOIN unnest(c.conkey) k(n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`.execute(context.database.kysely);
    for (const { name } of keys.rows) foreignKeys.add(name);
  });

  it("are five, with a hundred columns and more", () => {
    expect(Object.keys(GUIDE_TABLES)).toHaveLength(5);
    expect(guide.length).toBeGreaterThan(110);
  });

  it.each(guide)(
    "$table.$name is there as the guide has it",
    ({ table, name, type, required, ...column }) => {
      const found = stored.get(`${table}.${name}`);
      expect(found?.type).toBe(type);
      expect(found?.required).toBe(required || STRICTER.has(`${table}.${name}`));
      // docs/decisions/0007: the time that decides is learning_now(), which is NOW() plus an offset.
      const wanted = column.default === "NOW()" ? "learning_now()" : column.default;
      expect(found?.default?.replace(/::[a-z ]+$/, "") ?? null).toBe(wanted);
      // docs/decisions/0001: keys contain the organization, and an organization is the key's own first column.
      const reference = `${table}.${name} ${column.references ?? ""}`;
      expect(column.references === null || name === "organization_id" || foreignKeys.has(reference)).toBe(
        true,
      );
    },
  );
});

describe("every column of the guide", () => {
  const source = (path: string): string => readFileSync(join(import.meta.dirname, "..", path), "utf8");
  const mentions = (path: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(source(path));
  const placeOf = ({ table, name }: GuideColumn): { writer: string; reader: string } => {
    const found = GUIDE_TABLES[table];
    if (found === undefined) throw new Error(`${table} is no table of the guide`);
    return { writer: found.writer, reader: found.reader, ...found.elsewhere[name] };
  };

  it("has a writer, or a reason why there is none yet", () => {
    const without = guide.filter((column) => {
      const { writer } = placeOf(column);
      if (`${column.table}.${column.name}` in NOT_WRITTEN) return false;
      return writer === "default" ? column.default === null : !mentions(writer, column.name);
    });
    expect(without.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
  });

  it("has a reader", () => {
    const without = guide.filter((column) => !mentions(placeOf(column).reader, column.name));
    expect(without.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
  });

  it("that is said to have no writer is one of the guide's", () => {
    const names = new Set(guide.map(({ table, name }) => `${table}.${name}`));
    expect(Object.keys(NOT_WRITTEN).filter((name) => !names.has(name))).toEqual([]);
    expect([...STRICTER].filter((name) => !names.has(name))).toEqual([]);
  });
});
