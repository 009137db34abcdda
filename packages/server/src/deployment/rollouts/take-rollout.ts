import type { TenantContext } from "../../context.ts";
import { assertVersion } from "../../http/if-match.ts";
import { notFound } from "../../http/problem-error.ts";
import { lockRollout, type RolloutRow } from "./store.ts";

/**
 * A rollout for a person's command: the row is held until the transaction ends.
 * @throws ProblemError not-found, or precondition-failed when it has moved since the caller read it
 */
export async function takeRollout(
  ctx: TenantContext,
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): Promise<RolloutRow> {
  const row = await lockRollout(ctx, id);
  if (row === undefined) throw notFound("rollout", id, "path.rolloutId");
  if (expectedVersion !== undefined) assertVersion(expectedVersion, row.version);
  return row;
}
