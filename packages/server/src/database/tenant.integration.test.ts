import { CompiledQuery, sql } from "kysely";
import { expect, it } from "vitest";
import { newId } from "../new-id.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { asSystem, isUniqueViolation, type TenantTransaction, withSystem, withTenant } from "./index.ts";
import { CLAIMS } from "./tenant-claims.ts";

const NOTHING_CLAIMED = { role: "none", claim: "" };

describeEachEngine("tenant transactions", (suite) => {
  async function session(tx: TenantTransaction): Promise<unknown> {
    const { rows } = await sql`SELECT current_setting('role') AS role,
      COALESCE(current_setting('learning.organization_id', true), '') AS claim`.execute(tx);
    return rows[0];
  }

  const addUser = (tx: TenantTransaction, organization: string, externalId: string) =>
    tx
      .insertInto("users")
      .values({ organization_id: organization, id: newId(), kind: "end_user", external_id: externalId })
      .execute();

  it("keeps nothing of work that throws", async () => {
    const { id } = await createTestOrganization(suite.database);
    const undone = withTenant(suite.database.kysely, id, async (tx) => {
      await addUser(tx, id, "ghost");
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    const ghosts = await withTenant(suite.database.kysely, id, (tx) =>
      tx.selectFrom("users").selectAll().where("external_id", "=", "ghost").execute(),
    );
    expect(ghosts).toEqual([]);
  });

  it("keeps nothing when an error of the database was swallowed", async () => {
    const { id } = await createTestOrganization(suite.database);
    const aborted = withTenant(suite.database.kysely, id, async (tx) => {
      await addUser(tx, id, "kept");
      await addUser(tx, id, "end-user").catch((error: unknown) => {
        if (!isUniqueViolation(error, "users_external_id")) throw error;
      });
    });
    await expect(aborted).rejects.toThrow(/rolled back/);
    const kept = await withTenant(suite.database.kysely, id, (tx) =>
      tx.selectFrom("users").selectAll().where("external_id", "=", "kept").execute(),
    );
    expect(kept).toEqual([]);
  });

  it("runs nothing without its claims: a statement behind claims that fail is not carried out", async () => {
    const { id } = await createTestOrganization(suite.database);
    const refused = suite.database.kysely.transaction().execute(async (tx) => {
      await tx.executeQuery(CompiledQuery.raw(CLAIMS, [id, "nobody_of_this_name"]));
      await addUser(tx, id, "unclaimed");
    });
    await expect(refused).rejects.toThrow("nobody_of_this_name");
    const stored = await withTenant(suite.database.kysely, id, (tx) =>
      tx.selectFrom("users").selectAll().where("external_id", "=", "unclaimed").execute(),
    );
    expect(stored).toEqual([]);
  });

  it("leaves neither role nor claim on the connection", async () => {
    const database =
      suite.engine === "pglite" ? suite.database : await suite.testDatabase.connect({ poolSize: 1 });
    try {
      const { id } = await createTestOrganization(database);
      const inside = await withTenant(database.kysely, id, session);
      expect(inside).toEqual({ role: "agent_learning_app", claim: id });
      expect(await database.kysely.transaction().execute(session)).toEqual(NOTHING_CLAIMED);
      await expect(withTenant(database.kysely, id, () => Promise.reject(new Error("no")))).rejects.toThrow(
        "no",
      );
      expect(await database.kysely.transaction().execute(session)).toEqual(NOTHING_CLAIMED);
      const system = await withSystem(database.kysely, session);
      expect(system).toEqual({ role: "agent_learning_system", claim: "" });
    } finally {
      if (database !== suite.database) await database.close();
    }
  });

  it("lends the system role to a piece of work, and takes it back when that throws", async () => {
    const { id } = await createTestOrganization(suite.database);
    const tenant = { role: "agent_learning_app", claim: id };
    const seen = await withTenant(suite.database.kysely, id, async (tx) => {
      const lent = await asSystem(tx, () => session(tx));
      const after = await session(tx);
      await expect(asSystem(tx, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
      return [lent, after, await session(tx)];
    });
    expect(seen).toEqual([{ role: "agent_learning_system", claim: id }, tenant, tenant]);
  });

  it("reports the error of the database when lent work fails in it", async () => {
    const { id } = await createTestOrganization(suite.database);
    const failed = withTenant(suite.database.kysely, id, (tx) =>
      asSystem(tx, () => sql`SELECT 1 / 0`.execute(tx)),
    );
    await expect(failed).rejects.toMatchObject({ code: "22012" });
  });
});
