import { sql } from "kysely";
import { expect, it } from "vitest";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestAgent, createTestOrganization } from "../testing/test-organization.ts";
import { json, learningNow, withTenant } from "./index.ts";

describeEachEngine("values", (suite) => {
  it("are the same JavaScript values on both engines", async () => {
    const { rows } =
      await sql`SELECT 7::bigint AS big, 0.70::numeric(3,2) AS exact, 0.5::double precision AS float,
      DATE '2026-01-31' AS day, TIMESTAMPTZ '2026-01-31T10:00:00Z' AS time, true AS flag, '{"a": [1, null]}'::jsonb AS document,
      '\\x00ff'::bytea AS bytes, NULL::int AS nothing, ARRAY['a', 'b'] AS list`.execute(
        suite.database.kysely,
      );
    const [row] = rows as [Record<string, unknown>];
    expect(row).toEqual({
      big: 7,
      exact: 0.7,
      float: 0.5,
      day: "2026-01-31",
      time: new Date("2026-01-31T10:00:00Z"),
      flag: true,
      document: { a: [1, null] },
      bytes: Buffer.from([0, 255]),
      nothing: null,
      list: ["a", "b"],
    });
    expect(Buffer.isBuffer(row.bytes)).toBe(true);
  });

  it("go in and come out of jsonb as they are, arrays too", async () => {
    const { id } = await createTestOrganization(suite.database);
    const config = {
      list: [1, "zwei", { drei: [] }],
      quote: 'it\'s "quoted" \\',
      emoji: "🧾",
      big: 1e21,
      none: null,
    };
    await createTestAgent(suite.database, id, { config });
    const stored = await withTenant(suite.database.kysely, id, (tx) =>
      tx
        .updateTable("agents")
        .set({ policy: json([1, [2]]) })
        .returning(["config", "policy"])
        .executeTakeFirstOrThrow(),
    );
    expect(stored).toEqual({ config, policy: [1, [2]] });
  });

  it("have the database's time, not the process's, in learningNow", async () => {
    const now = await learningNow(suite.database.kysely);
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it("count the rows that a statement touched", async () => {
    const { id } = await createTestOrganization(suite.database);
    const result = await withTenant(suite.database.kysely, id, (tx) =>
      tx.updateTable("users").set({ display_name: "renamed" }).executeTakeFirst(),
    );
    expect(result.numUpdatedRows).toBe(5n);
  });
});
