import type { RolloutDetails } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/problem-error.ts";
import { presentRollout, presentRolloutEvent } from "./present-rollout.ts";
import { readRequirements } from "./read-requirements.ts";
import { selectEvents, selectRollout } from "./store.ts";

/** A rollout with its history, and the reviews that it waits for. */
export async function getRollout({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string };
}): Promise<RolloutDetails> {
  const row = await selectRollout(ctx, input.id);
  if (row === undefined) throw notFound("rollout", input.id, "path.rolloutId");
  const events = await selectEvents(ctx, row.id);
  return {
    ...presentRollout(row),
    requirements: row.status === "pending" ? await readRequirements(ctx, row) : [],
    history: events.map(presentRolloutEvent),
  };
}
