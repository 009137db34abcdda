import type { ApiKey, CreateApiKey } from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { readMember } from "../users/store.ts";
import { displayPrefix, generateKey, hashKey } from "./key-format.ts";
import { insertKey } from "./store.ts";

/** Makes a key. The answer is the only place where the key itself appears. */
export async function createApiKey({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateApiKey;
}): Promise<ApiKey & { key: string }> {
  if (input.user_id !== undefined) {
    const member = await readMember(ctx, input.user_id);
    if (member === undefined || member.revoked_at !== null) {
      throw unprocessable("body.user_id", "is not a member of this organization: add the member first");
    }
  }
  const key = generateKey(input.kind);
  const stored = await insertKey(ctx, {
    id: newId(),
    kind: input.kind,
    name: input.name,
    user_id: input.user_id ?? null,
    expires_at: input.expires_at ?? null,
    display_prefix: displayPrefix(key),
    key_hash: hashKey(key),
    created_by: actorUserId(ctx),
  });
  await writeAudit(ctx, {
    action: "api-key.created",
    entityType: "api_key",
    entityId: stored.id,
    data: { kind: input.kind },
  });
  return { ...stored, key };
}
