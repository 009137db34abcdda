import type { Environment } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { bumpServingRevision } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import type { ServingPointersTable } from "../../database/schema.ts";
import { upsertPointer } from "./store.ts";

/** Points an environment at a version, bumps the revision, audits. The caller has checked that it may, under `lockServing`. */
export async function moveServingPointer({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agentId: string; environment: Environment; versionId: string; reason: string };
}): Promise<Selectable<ServingPointersTable>> {
  const pointer = await upsertPointer(ctx, input.agentId, input.environment, input.versionId);
  await bumpServingRevision({ ctx, input });
  await writeAudit(ctx, {
    action: "serving.moved",
    entityType: "agent",
    entityId: input.agentId,
    data: {
      environment: input.environment,
      version_id: pointer.version_id,
      previous_version_id: pointer.previous_version_id,
      reason: input.reason,
    },
  });
  return pointer;
}
