import type { TenantContext } from "../../context.ts";
import { announceServingChange } from "./changes.ts";
import { incrementRevision } from "./store.ts";

/**
 * To be called in every transaction that changes what `GET …/serving` answers: the pointer, a split, the agent's config.
 * After the commit, long polls in this process wake at once.
 */
export async function bumpServingRevision({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agentId: string };
}): Promise<number> {
  const revision = await incrementRevision(ctx, input.agentId);
  ctx.afterCommit(() => announceServingChange(ctx, input.agentId));
  return revision;
}
