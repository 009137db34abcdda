import type { Transaction } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { displayPrefix, generateKey, hashKey, isWellFormedKey } from "../api-keys/key-format.ts";

export interface NewOrganization {
  organizationId: string;
  adminUserId: string;
}

/** Makes an organization with one admin, as the system role. @throws the database's unique violation when the slug is taken */
export async function createOrganization(
  tx: Transaction<Schema>,
  input: { name: string; slug: string },
): Promise<NewOrganization> {
  const organizationId = newId();
  const adminUserId = newId();
  await tx
    .insertInto("organizations")
    .values({ id: organizationId, ...input })
    .execute();
  await tx
    .insertInto("users")
    .values({
      organization_id: organizationId,
      id: adminUserId,
      kind: "member",
      display_name: "Administrator",
    })
    .execute();
  await tx
    .insertInto("memberships")
    .values({ organization_id: organizationId, user_id: adminUserId, role: "admin" })
    .execute();
  return { organizationId, adminUserId };
}

/** Gives a member a key: the one that is named, or a new one. A key that the member has already stays as it is. */
export async function grantUserKey(
  tx: Transaction<Schema>,
  input: { organizationId: string; userId: string; name: string; key?: string | undefined },
): Promise<string> {
  const key = input.key ?? generateKey("user");
  await tx
    .insertInto("api_keys")
    .values({
      organization_id: input.organizationId,
      id: newId(),
      kind: "user",
      user_id: input.userId,
      name: input.name,
      // A key of another form may be short: show nothing of it.
      display_prefix: isWellFormedKey(key) ? displayPrefix(key) : "(given)",
      key_hash: hashKey(key),
      created_at: sql<Date>`learning_now()`,
    })
    .onConflict((conflict) => conflict.column("key_hash").doNothing())
    .execute();
  return key;
}
