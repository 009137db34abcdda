import { randomBytes } from "node:crypto";
import { type Role, ROLES } from "@agent-learning/contract";
import {
  displayPrefix,
  generateKey,
  hashKey,
  type StoredKeyKind,
} from "../administration/api-keys/key-format.ts";
import { type DatabaseConnection, json, withSystem } from "../database/index.ts";
import { newId } from "../new-id.ts";

/** A member with a role, and a key of that member. */
export interface TestMember {
  id: string;
  email: string;
  role: Role;
  keyId: string;
  /** What goes into `Authorization: Bearer`. */
  key: string;
}

/** A key that belongs to no person. */
export interface TestMachineKey {
  id: string;
  key: string;
}

/** An organization with one member per role, one end user, a secret and a publishable key. */
export interface TestOrganization {
  id: string;
  slug: string;
  members: Record<Role, TestMember>;
  endUserId: string;
  secret: TestMachineKey;
  publishable: TestMachineKey;
}

/** Makes an organization of its own for one test; nothing in it collides with another test's. */
export async function createTestOrganization(database: DatabaseConnection): Promise<TestOrganization> {
  const id = newId();
  const slug = `org-${randomBytes(6).toString("hex")}`;
  const endUserId = newId();
  const secret = { id: newId(), key: generateKey("secret") };
  const publishable = { id: newId(), key: generateKey("publishable") };
  const member = (role: Role): TestMember => ({
    id: newId(),
    email: `${role}@${slug}.example`,
    role,
    keyId: newId(),
    key: generateKey("user"),
  });
  const members = {
    viewer: member("viewer"),
    annotator: member("annotator"),
    reviewer: member("reviewer"),
    admin: member("admin"),
  };
  const storedKey = (keyId: string, key: string, kind: StoredKeyKind, userId: string | null) => ({
    organization_id: id,
    id: keyId,
    kind,
    user_id: userId,
    name: `${kind} key`,
    display_prefix: displayPrefix(key),
    key_hash: hashKey(key),
  });
  await withSystem(database.kysely, async (tx) => {
    await tx
      .insertInto("organizations")
      .values({ id, name: slug, slug, settings: json({}) })
      .execute();
    await tx
      .insertInto("users")
      .values([
        ...ROLES.map((role) => ({
          organization_id: id,
          id: members[role].id,
          kind: "member",
          email: members[role].email,
          display_name: role,
        })),
        {
          organization_id: id,
          id: endUserId,
          kind: "end_user",
          external_id: "end-user",
          email: null,
          display_name: null,
        },
      ])
      .execute();
    await tx
      .insertInto("memberships")
      .values(ROLES.map((role) => ({ organization_id: id, user_id: members[role].id, role })))
      .execute();
    await tx
      .insertInto("api_keys")
      .values([
        ...ROLES.map((role) => storedKey(members[role].keyId, members[role].key, "user", members[role].id)),
        storedKey(secret.id, secret.key, "secret", null),
        storedKey(publishable.id, publishable.key, "publishable", null),
      ])
      .execute();
  });
  return { id, slug, members, endUserId, secret, publishable };
}

/**
 * An agent with the given slug in an organization. Its policy doubles no annotation unless it says so: which ones are doubled
 * depends on the examples' ids, which no two runs have in common.
 */
export async function createTestAgent(
  database: DatabaseConnection,
  organizationId: string,
  { slug = "my-agent", config = {}, policy = {} }: { slug?: string; config?: object; policy?: object } = {},
): Promise<string> {
  const id = newId();
  const { training } = policy as { training?: object };
  await withSystem(database.kysely, (tx) =>
    tx
      .insertInto("agents")
      .values({
        organization_id: organizationId,
        id,
        slug,
        name: slug,
        config: json(config),
        policy: json({ ...policy, training: { double_annotation_share: 0, ...training } }),
      })
      .execute(),
  );
  return id;
}
