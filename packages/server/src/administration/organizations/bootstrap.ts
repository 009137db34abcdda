import { sql } from "kysely";
import { type DatabaseConnection, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { displayPrefix, generateKey, hashKey } from "../api-keys/key-format.ts";

export interface BootstrapResult {
  organizationId: string;
  /** The admin's key when this start made one: shown once, stored as a hash. */
  generatedKey: string | undefined;
}

const BOOTSTRAP_LOCK = 4_207_311_519;

/**
 * Makes the first organization with an admin and their key, once for a database. With `adminKey` (LEARNING_ADMIN_KEY)
 * that key is the admin's, also when the organization exists already; without it the first start makes one.
 */
export async function bootstrap(
  database: DatabaseConnection,
  adminKey: string | undefined,
): Promise<BootstrapResult> {
  return withSystem(database.kysely, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${BOOTSTRAP_LOCK})`.execute(tx);
    const known = await tx
      .selectFrom("organizations")
      .select("id")
      .orderBy("created_at")
      .orderBy("id")
      .executeTakeFirst();
    const organizationId = known?.id ?? newId();
    let userId: string;
    if (known === undefined) {
      userId = newId();
      await tx
        .insertInto("organizations")
        .values({ id: organizationId, name: "Default organization", slug: "default" })
        .execute();
      await tx
        .insertInto("users")
        .values({
          organization_id: organizationId,
          id: userId,
          kind: "member",
          display_name: "Administrator",
        })
        .execute();
      await tx
        .insertInto("memberships")
        .values({ organization_id: organizationId, user_id: userId, role: "admin" })
        .execute();
    } else {
      if (adminKey === undefined) return { organizationId, generatedKey: undefined };
      const admin = await tx
        .selectFrom("memberships")
        .select("user_id")
        .where("organization_id", "=", organizationId)
        .where("role", "=", "admin")
        .where("revoked_at", "is", null)
        .orderBy("created_at")
        .executeTakeFirstOrThrow();
      userId = admin.user_id;
    }
    const generatedKey = adminKey === undefined ? generateKey("user") : undefined;
    const key = adminKey ?? generatedKey ?? "";
    await tx
      .insertInto("api_keys")
      .values({
        organization_id: organizationId,
        id: newId(),
        kind: "user",
        user_id: userId,
        name: adminKey === undefined ? "First start" : "LEARNING_ADMIN_KEY",
        display_prefix: displayPrefix(key),
        key_hash: hashKey(key),
      })
      .onConflict((conflict) => conflict.column("key_hash").doNothing())
      .execute();
    return { organizationId, generatedKey };
  });
}
