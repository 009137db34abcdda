import { sql } from "kysely";
import { expect, it } from "vitest";
import { findBrokenLink } from "../administration/audit/store.ts";
import { writeAudit } from "../administration/audit/write-audit.ts";
import type { Context } from "../context.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestContext, createTestServices } from "../testing/test-services.ts";

describeEachEngine("audit chain", (suite) => {
  async function newContext(): Promise<Context> {
    return createTestContext(
      createTestServices(suite.database),
      await createTestOrganization(suite.database),
    );
  }

  const append = (ctx: Context, entityId: string): Promise<void> =>
    ctx.transact((inner) =>
      writeAudit(inner, { action: "agent.updated", entityType: "agent", entityId, data: { n: entityId } }),
    );
  const verify = (ctx: Context) => ctx.transact(findBrokenLink);

  it("is one unbroken chain an organization, however many write at once", async () => {
    const [one, two] = [await newContext(), await newContext()];
    const writes = Array.from({ length: 100 }, (_, n) => append(n % 4 === 0 ? two : one, String(n)));
    await Promise.all(writes);
    expect(await verify(one)).toEqual({ records: 75, brokenAt: null });
    expect(await verify(two)).toEqual({ records: 25, brokenAt: null });
    const rows = await one.transact(({ tx }) =>
      tx
        .selectFrom("audit_log")
        .select(["sequence", "entity_id", "actor_kind", "actor_id"])
        .orderBy("sequence")
        .execute(),
    );
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 75 }, (_, n) => n + 1));
    expect(new Set(rows.map((row) => row.entity_id)).size).toBe(75);
    expect(rows[0]).toMatchObject({ actor_kind: "user" });
  });

  it("has no gap where a transaction rolled back", async () => {
    const ctx = await newContext();
    await append(ctx, "1");
    const undone = ctx.transact(async (inner) => {
      await writeAudit(inner, { action: "agent.updated", entityType: "agent", entityId: "2" });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    await append(ctx, "3");
    expect(await verify(ctx)).toEqual({ records: 2, brokenAt: null });
  });

  const tamperings: [string, (organization: string) => ReturnType<typeof sql>, number][] = [
    [
      "changed data",
      (id) =>
        sql`UPDATE audit_log SET data = '{"n": "forged"}' WHERE organization_id = ${id} AND sequence = 3`,
      3,
    ],
    [
      "a changed actor",
      (id) => sql`UPDATE audit_log SET actor_id = NULL WHERE organization_id = ${id} AND sequence = 2`,
      2,
    ],
    [
      "a changed time",
      (id) =>
        sql`UPDATE audit_log SET created_at = created_at + INTERVAL '1 second' WHERE organization_id = ${id} AND sequence = 4`,
      4,
    ],
    [
      "a removed record",
      (id) => sql`DELETE FROM audit_log WHERE organization_id = ${id} AND sequence = 3`,
      4,
    ],
    ["a removed end", (id) => sql`DELETE FROM audit_log WHERE organization_id = ${id} AND sequence = 5`, 5],
    [
      "a record with a hash of its own",
      (id) => sql`UPDATE audit_log SET data = '{}', hash = learning_audit_hash(previous_hash,
      organization_id, sequence, actor_kind, actor_id, action, entity_type, entity_id, '{}', created_at)
      WHERE organization_id = ${id} AND sequence = 2`,
      3,
    ],
  ];

  it.each(tamperings)("is found broken after %s", async (_what, tamper, sequence) => {
    const ctx = await newContext();
    for (const n of [1, 2, 3, 4, 5]) await append(ctx, String(n));
    // As the database's own superuser: row-level security does not stop one.
    await tamper(ctx.organizationId).execute(suite.database.kysely);
    expect((await verify(ctx)).brokenAt).toBe(sequence);
  });
});
