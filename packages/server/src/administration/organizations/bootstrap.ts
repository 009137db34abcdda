import { sql } from "kysely";
import { type DatabaseConnection, json, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createOrganization, grantUserKey } from "./create-organization.ts";

export interface BootstrapResult {
  organizationId: string;
  /** The admin's key when this start made one: shown once, stored as a hash. */
  generatedKey: string | undefined;
}

const BOOTSTRAP_LOCK = 4_207_311_519;

/** The agent that a fresh server has, so that the first calls of the quick start have something to call. */
export const FIRST_AGENT = "my-agent";

/**
 * Makes the first organization with an admin, their key and one agent, once for a database. With `adminKey`
 * (LEARNING_ADMIN_KEY) that key is the admin's, also when the organization exists already; without it the first start makes one.
 */
export async function bootstrap(
  database: DatabaseConnection,
  adminKey: string | undefined,
): Promise<BootstrapResult> {
  return withSystem(database.kysely, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${BOOTSTRAP_LOCK})`.execute(tx);
    const first = await tx
      .selectFrom("memberships")
      .innerJoin("organizations", "organizations.id", "memberships.organization_id")
      .select(["memberships.organization_id", "memberships.user_id"])
      .where("memberships.role", "=", "admin")
      .where("memberships.revoked_at", "is", null)
      .orderBy("organizations.created_at")
      .orderBy("memberships.created_at")
      .executeTakeFirst();
    if (first !== undefined) {
      const { organization_id: organizationId, user_id: userId } = first;
      if (adminKey !== undefined)
        await grantUserKey(tx, { organizationId, userId, name: "LEARNING_ADMIN_KEY", key: adminKey });
      return { organizationId, generatedKey: undefined };
    }
    const { organizationId, adminUserId } = await createOrganization(tx, {
      name: "Default organization",
      slug: "default",
    });
    await tx
      .insertInto("agents")
      .values({
        organization_id: organizationId,
        id: newId(),
        slug: FIRST_AGENT,
        name: "My agent",
        config: json({}),
        // The guide's snippet works on this server's own pages; an agent that is made later says so itself.
        policy: json({ feedback: { browsers: "same_origin" } }),
      })
      .execute();
    const name = adminKey === undefined ? "First start" : "LEARNING_ADMIN_KEY";
    const key = await grantUserKey(tx, { organizationId, userId: adminUserId, name, key: adminKey });
    return { organizationId, generatedKey: adminKey === undefined ? key : undefined };
  });
}
