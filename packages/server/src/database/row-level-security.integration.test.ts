import { sql, type Transaction } from "kysely";
import { beforeAll, expect, it } from "vitest";
import { insertRow, type SeededRows, seedEveryTable } from "../testing/seed-every-table.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { databaseError, withSystem, withTenant } from "./index.ts";
import type { Schema } from "./schema.ts";

const DENIED = "42501";

describeEachEngine("row-level security", (suite) => {
  let own: SeededRows = new Map();
  let foreign: SeededRows = new Map();
  let ownId = "";
  let foreignId = "";
  let tables: string[] = [];

  beforeAll(async () => {
    const { kysely } = suite.database;
    own = await withSystem(kysely, seedEveryTable);
    foreign = await withSystem(kysely, seedEveryTable);
    ownId = String(own.get("organizations")?.id);
    foreignId = String(foreign.get("organizations")?.id);
    tables = [...own.keys()];
  });

  const owner = (table: string) => sql.ref(table === "organizations" ? "id" : "organization_id");

  async function asTenant<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return withTenant(suite.database.kysely, ownId, work);
  }

  async function refusal(work: (tx: Transaction<Schema>) => Promise<unknown>): Promise<string | undefined> {
    const error: unknown = await asTenant(work).then(
      () => undefined,
      (problem: unknown) => problem,
    );
    return databaseError(error)?.code;
  }

  async function countBoth(table: string): Promise<number> {
    return withSystem(suite.database.kysely, async (tx) => {
      const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}
        WHERE ${owner(table)} IN (${ownId}, ${foreignId})`.execute(tx);
      return rows[0]?.n ?? 0;
    });
  }

  it("is on and forced for every table, and every table belongs to an organization", async () => {
    const { rows } = await sql<{ name: string; enabled: boolean; forced: boolean; owned: boolean }>`
      SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped) AS owned
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`.execute(
      suite.database.kysely,
    );
    expect(rows.length).toBeGreaterThan(30);
    const exceptions = ["learning_clock", "organizations"];
    expect(
      rows
        .filter((row) => !row.owned)
        .map((row) => row.name)
        .toSorted(),
    ).toEqual(exceptions);
    expect(rows.filter((row) => !row.enabled).map((row) => row.name)).toEqual([]);
    expect(rows.filter((row) => !row.forced && row.name !== "learning_clock").map((row) => row.name)).toEqual(
      [],
    );
  });

  /** What `look` finds, table by table: so that a failure names the tables. */
  async function byTable<T>(look: (table: string) => Promise<T>): Promise<Record<string, T>> {
    const found: Record<string, T> = {};
    for (const table of tables) found[table] = await look(table);
    return found;
  }

  const everywhere = <T>(value: T): Record<string, T> =>
    Object.fromEntries(tables.map((table) => [table, value]));

  it("shows a tenant its own rows and no other, with no WHERE, in every table", async () => {
    expect(await byTable(countBoth)).toEqual(everywhere(2));
    const owners = await byTable(async (table) => {
      const { rows } = await asTenant((tx) =>
        sql<{ owner: string }>`SELECT ${owner(table)} AS owner FROM ${sql.table(table)}`.execute(tx),
      );
      return rows.map((row) => row.owner);
    });
    expect(owners).toEqual(everywhere([ownId]));
  });

  it("refuses a row for another organization in every table", async () => {
    const refusals = await byTable((table) =>
      refusal((tx) => insertRow(tx, table, foreign.get(table) ?? {})),
    );
    expect(refusals).toEqual(everywhere(DENIED));
  });

  it("lets nobody give a row to another organization", async () => {
    const refusals = await byTable((table) =>
      refusal((tx) => sql`UPDATE ${sql.table(table)} SET ${owner(table)} = ${foreignId}`.execute(tx)),
    );
    expect(refusals).toEqual(everywhere(DENIED));
  });

  it("changes and deletes no foreign row", async () => {
    const outcome = (
      work: (tx: Transaction<Schema>) => Promise<{ numAffectedRows?: bigint }>,
    ): Promise<unknown> =>
      asTenant(work).then(
        (result) => Number(result.numAffectedRows ?? 0n),
        (error: unknown) => databaseError(error)?.code,
      );
    const updates = await byTable((table) =>
      outcome((tx) =>
        sql`UPDATE ${sql.table(table)} SET ${owner(table)} = ${owner(table)} WHERE ${owner(table)} = ${foreignId}`.execute(
          tx,
        ),
      ),
    );
    const deletes = await byTable((table) =>
      outcome((tx) => sql`DELETE FROM ${sql.table(table)} WHERE ${owner(table)} = ${foreignId}`.execute(tx)),
    );
    // Where the tenant has the right at all, it meets no row.
    for (const result of [...Object.values(updates), ...Object.values(deletes)])
      expect([0, DENIED]).toContain(result);
    for (const history of ["audit_log", "rollout_events", "expert_annotations"]) {
      expect([updates[history], deletes[history]]).toEqual([DENIED, DENIED]);
    }
    expect(await byTable(countBoth)).toEqual(everywhere(2));
  });

  it("shows nothing without a claim", async () => {
    const seen = await byTable(async (table) =>
      suite.database.kysely.transaction().execute(async (tx) => {
        await sql`SELECT set_config('role', 'agent_learning_app', true)`.execute(tx);
        return (await sql`SELECT 1 FROM ${sql.table(table)}`.execute(tx)).rows.length;
      }),
    );
    expect(seen).toEqual(everywhere(0));
  });

  it("lets a tenant read the clock and not move it", async () => {
    const { rows } = await asTenant((tx) => sql<{ now: Date }>`SELECT learning_now() AS now`.execute(tx));
    expect(rows[0]?.now).toBeInstanceOf(Date);
    expect(await refusal((tx) => sql`UPDATE learning_clock SET clock_offset = '1 day'`.execute(tx))).toBe(
      DENIED,
    );
  });
});
