import { z } from "zod";
import { type Role, ROLES } from "./access.ts";
import { externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { name } from "./text.ts";

export interface Member {
  user_id: string;
  display_name: string | null;
  email: string | null;
  role: Role;
  created_at: string;
  revoked_at: string | null;
}

export const member: z.ZodType<Member> = z.object({
  user_id: uuid,
  display_name: z.string().nullable(),
  email: z.string().nullable(),
  role: z.enum(ROLES),
  created_at: timestamp,
  revoked_at: timestamp.nullable(),
});

export interface AddMember {
  display_name: string;
  email?: string | undefined;
  role: Role;
}

export const addMember: z.ZodType<AddMember> = z.object({
  display_name: name,
  email: z.email().max(320).optional(),
  role: z.enum(ROLES),
});

export interface UpdateMember {
  role?: Role | undefined;
  revoked?: boolean | undefined;
}

export const updateMember: z.ZodType<UpdateMember> = z
  .object({ role: z.enum(ROLES).optional(), revoked: z.boolean().optional() })
  .refine((change) => change.role !== undefined || change.revoked !== undefined, {
    error: "name role or revoked",
  });

export const API_KEY_KINDS = ["user", "secret", "publishable"] as const;

export interface ApiKey {
  id: string;
  kind: (typeof API_KEY_KINDS)[number];
  user_id: string | null;
  name: string;
  display_prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

const apiKeyShape = {
  id: uuid,
  kind: z.enum(API_KEY_KINDS),
  user_id: uuid.nullable(),
  name: z.string(),
  display_prefix: z.string(),
  created_at: timestamp,
  last_used_at: timestamp.nullable(),
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
};

export const apiKey: z.ZodType<ApiKey> = z.object(apiKeyShape);

/** The answer to creating a key: the only time that the key itself is shown. */
export const createdApiKey: z.ZodType<ApiKey & { key: string }> = z.object({
  ...apiKeyShape,
  key: z.string(),
});

export interface CreateApiKey {
  kind: (typeof API_KEY_KINDS)[number];
  name: string;
  user_id?: string | undefined;
  expires_at?: string | undefined;
}

export const createApiKey: z.ZodType<CreateApiKey> = z
  .object({
    kind: z.enum(API_KEY_KINDS),
    name,
    user_id: uuid.optional(),
    expires_at: timestamp.optional(),
  })
  .refine((key) => (key.kind === "user") === (key.user_id !== undefined), {
    path: ["user_id"],
    error: "a user's key needs user_id; a machine key takes none",
  });

export interface AuditRecord {
  sequence: number;
  actor_kind: "user" | "machine" | "system";
  actor_id: string | null;
  action: string;
  entity_type: string;
  entity_id: string;
  data: Record<string, JsonValue>;
  /** SHA-256 over the previous record's hash and this record, hexadecimal. */
  hash: string;
  created_at: string;
}

export const auditRecord: z.ZodType<AuditRecord> = z.object({
  sequence: z.number().int(),
  actor_kind: z.enum(["user", "machine", "system"]),
  actor_id: uuid.nullable(),
  action: z.string(),
  entity_type: z.string(),
  entity_id: z.string(),
  data: jsonObject,
  hash: z.string(),
  created_at: timestamp,
});

export interface AuditVerification {
  records: number;
  intact: boolean;
  /** First record whose hash does not follow from its content and predecessor. */
  broken_at: number | null;
}

export const auditVerification: z.ZodType<AuditVerification> = z.object({
  records: z.number().int(),
  intact: z.boolean(),
  broken_at: z.number().int().nullable(),
});

export interface Organization {
  id: string;
  name: string;
  slug: string;
  issue_categories: { slug: string; label: string; is_active: boolean }[];
  created_at: string;
}

/** What an issue category is called on the wire. */
export const issueSlug: z.ZodType<string> = z
  .string()
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, "use lower-case letters and digits, joined by - or _")
  .max(64);

const issueCategory = z.object({
  slug: issueSlug,
  label: name,
  is_active: z.boolean().default(true),
});

export const organization: z.ZodType<Organization> = z.object({
  id: uuid,
  name: z.string(),
  slug: z.string(),
  issue_categories: z.array(issueCategory),
  created_at: timestamp,
});

export interface UpdateOrganization {
  name?: string | undefined;
  /** The whole list, in the order in which it is shown. Categories that are left out become inactive, never deleted. */
  issue_categories?: { slug: string; label: string; is_active: boolean }[] | undefined;
}

export const updateOrganization: z.ZodType<UpdateOrganization> = z
  .object({ name: name.optional(), issue_categories: z.array(issueCategory).max(100).optional() })
  .refine((change) => change.name !== undefined || change.issue_categories !== undefined, {
    error: "name at least one field to change",
  });

/** What is erased or exported: the person as the agent's system knows them, or a member. */
export const personReference: z.ZodType<{ user_id: string }> = z.object({
  user_id: externalId.meta({ description: "The end user's external id, or a member's UUID" }),
});
