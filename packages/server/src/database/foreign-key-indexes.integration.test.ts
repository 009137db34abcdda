import { sql } from "kysely";
import { expect, it } from "vitest";
import { describeEachEngine } from "../testing/test-database.ts";

interface ForeignKey {
  name: string;
  table: string;
  columns: string[];
  target: string;
}

interface Index {
  table: string;
  columns: string[];
  predicate: string | null;
}

describeEachEngine("foreign keys", (suite) => {
  async function readForeignKeys(): Promise<ForeignKey[]> {
    const { rows } = await sql<ForeignKey>`
      SELECT c.conname AS name, c.conrelid::regclass::text AS "table", c.confrelid::regclass::text AS target,
        ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k(n)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n) AS columns
      FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`.execute(
      suite.database.kysely,
    );
    return rows;
  }

  async function readIndexes(): Promise<Index[]> {
    const { rows } = await sql<Index>`
      SELECT i.indrelid::regclass::text AS "table", pg_get_expr(i.indpred, i.indrelid) AS predicate,
        ARRAY(SELECT COALESCE(a.attname::text, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(n, position)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n
          WHERE k.position <= i.indnkeyatts ORDER BY k.position) AS columns
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE c.relnamespace = 'public'::regnamespace AND i.indisvalid`.execute(suite.database.kysely);
    return rows;
  }

  function serves(index: Index, key: ForeignKey): boolean {
    const leading = new Set(index.columns.slice(0, key.columns.length));
    const covered = key.columns.every((column) => leading.has(column));
    // A partial index serves when all it leaves out is rows that point nowhere.
    const whole =
      index.predicate === null || key.columns.some((column) => index.predicate === `(${column} IS NOT NULL)`);
    return index.table === key.table && covered && whole;
  }

  it("each have an index that begins with their columns", async () => {
    const [keys, indexes] = [await readForeignKeys(), await readIndexes()];
    expect(keys.length).toBeGreaterThan(60);
    const bare = keys.filter((key) => !indexes.some((index) => serves(index, key)));
    expect(bare.map((key) => `${key.table} (${key.columns.join(", ")})`)).toEqual([]);
  });

  it("each contain the organization, so that no row can point into another one", async () => {
    const keys = await readForeignKeys();
    const wide = keys.filter((key) => !key.columns.includes("organization_id"));
    expect(wide.map((key) => `${key.table}.${key.name}`)).toEqual([]);
  });
});
