import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { protocol } from "@electric-sql/pglite";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { type DatabaseConnection, isDatabaseAway } from "./index.ts";
import { SerialPgliteDialect } from "./pglite-dialect.ts";
import type { Schema } from "./schema.ts";

describe("SerialPgliteDialect", () => {
  let testDatabase: TestDatabase | undefined;
  let database: DatabaseConnection | undefined;

  beforeAll(async () => {
    testDatabase = await createTestDatabase("pglite");
    database = await testDatabase.connect();
    await sql`CREATE TABLE counter (n INT)`.execute(database.kysely);
    await sql`INSERT INTO counter VALUES (0)`.execute(database.kysely);
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
  });

  const kysely = (): Kysely<Schema> => {
    if (database === undefined) throw new Error("not open");
    return database.kysely;
  };
  const read = async (executor: Kysely<Schema>): Promise<number> => {
    const { rows } = await sql<{ n: number }>`SELECT n FROM counter`.execute(executor);
    return rows[0]?.n ?? Number.NaN;
  };

  it("never lets two of a hundred concurrent transactions interleave", async () => {
    const before = await read(kysely());
    await Promise.all(
      Array.from({ length: 100 }, () =>
        kysely()
          .transaction()
          .execute(async (tx) => {
            const n = await read(tx);
            await nextTurn();
            await sql`UPDATE counter SET n = ${n + 1}`.execute(tx);
          }),
      ),
    );
    expect(await read(kysely())).toBe(before + 100);
  });

  it("keeps queries outside a transaction from seeing it or joining it", async () => {
    const before = await read(kysely());
    const seen: Promise<number>[] = [];
    const undone = kysely()
      .transaction()
      .execute(async (tx) => {
        await sql`UPDATE counter SET n = -1`.execute(tx);
        seen.push(read(kysely()));
        await sleep(20);
        throw new Error("undone");
      });
    await expect(undone).rejects.toThrow("undone");
    expect(await Promise.all(seen)).toEqual([before]);
  });

  it("goes on after a failed statement and a failed transaction", async () => {
    await expect(sql`SELECT 1 / 0`.execute(kysely())).rejects.toMatchObject({ code: "22012" });
    const failed = kysely()
      .transaction()
      .execute((tx) => sql`SELECT no_such_column`.execute(tx));
    await expect(failed).rejects.toMatchObject({ code: "42703" });
    expect(await read(kysely())).toBeGreaterThanOrEqual(0);
  });

  it("gives up waiting for its turn instead of hanging, and later callers still get theirs", async () => {
    if (database?.raw.engine !== "pglite") throw new Error("not PGlite");
    const impatient = new Kysely<Schema>({
      dialect: new SerialPgliteDialect({ pglite: database.raw.pglite, protocol }, 100),
    });
    const held = impatient.transaction().execute(() => sleep(300));
    await sleep(10);
    const error: unknown = await read(impatient).then(
      () => undefined,
      (problem: unknown) => problem,
    );
    expect(String(error)).toContain("timeout exceeded");
    expect(isDatabaseAway(error)).toBe(true);
    await held;
    expect(await read(impatient)).toBeGreaterThanOrEqual(0);
  });

  it("gives the same rows each time a statement is run, prepared or not", async () => {
    const day = new Date("2026-03-01T10:00:00Z");
    for (let n = 0; n < 12; n += 1) {
      const note = n % 3 === 0 ? null : `it's ${n}`;
      const { rows } = await kysely()
        .transaction()
        .execute((tx) =>
          sql`SELECT ${n}::int AS n, ${note}::text AS note, ${[n, n + 1]}::int[] AS list,
            ${JSON.stringify({ n })}::jsonb AS value, ${day}::timestamptz AS at, ${n % 2 === 0}::boolean AS even`.execute(
            tx,
          ),
        );
      expect(rows).toEqual([{ n, note, list: [n, n + 1], value: { n }, at: day, even: n % 2 === 0 }]);
    }
  });

  it("counts the rows that a statement changed, and goes on after one that failed", async () => {
    await sql`CREATE TABLE once (n INT PRIMARY KEY)`.execute(kysely());
    const insert = (n: number): Promise<bigint | undefined> =>
      kysely()
        .transaction()
        .execute(async (tx) => (await sql`INSERT INTO once VALUES (${n})`.execute(tx)).numAffectedRows);
    for (let n = 0; n < 8; n += 1) expect(await insert(n)).toBe(1n);
    await expect(insert(3)).rejects.toMatchObject({ code: "23505" });
    expect(await insert(8)).toBe(1n);
  });

  it("describes a statement anew when its table has changed under it", async () => {
    await sql`CREATE TABLE changing (n INT)`.execute(kysely());
    await sql`INSERT INTO changing VALUES (1)`.execute(kysely());
    const all = (): Promise<unknown[]> =>
      kysely()
        .transaction()
        .execute(async (tx) => (await sql`SELECT * FROM changing WHERE n > ${0}`.execute(tx)).rows);
    for (let n = 0; n < 8; n += 1) expect(await all()).toEqual([{ n: 1 }]);
    await sql`ALTER TABLE changing ADD COLUMN m TEXT DEFAULT 'new'`.execute(kysely());
    await expect(all()).rejects.toMatchObject({ code: "0A000" });
    expect(await all()).toEqual([{ n: 1, m: "new" }]);
  });

  it("forgets texts that were run a few times, not all that ever were", async () => {
    await kysely()
      .transaction()
      .execute(async (tx) => {
        for (let n = 0; n < 1_200; n += 1) {
          const { rows } = await sql<{ n: number }>`SELECT ${n}::int AS n, ${sql.raw(String(n))}`.execute(tx);
          expect(rows[0]?.n).toBe(n);
        }
      });
  });
});
