import type { Annotation, AnnotationQuery } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { decodeCursor, toPage } from "../../http/index.ts";
import { presentAnnotation } from "./present-annotation.ts";
import { readAnnotations } from "./store.ts";

/** Annotations, newest first; of examples that are still in review only the caller's own. */
export async function listAnnotations({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: AnnotationQuery;
}): Promise<{ data: Annotation[]; next_cursor: string | null }> {
  const agent =
    input.agent_id === undefined ? undefined : await findAgent(ctx, input.agent_id, "query.agent_id");
  const rows = await readAnnotations(ctx, {
    agentId: agent?.id,
    expertId: input.expert_id,
    queueId: input.queue_id,
    days: input.days,
    isVerified: input.is_verified,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
    userId: actorUserId(ctx),
  });
  const cursorOf = (row: (typeof rows)[number]): { time: Date; id: string } => ({
    time: row.created_at ?? new Date(0),
    id: row.id,
  });
  return toPage(rows, input.limit, cursorOf, presentAnnotation);
}
