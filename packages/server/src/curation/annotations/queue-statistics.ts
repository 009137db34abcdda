import type { AnnotationQueueStatistics } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { OPEN_ANNOTATIONS, readGauges } from "../statistics/index.ts";
import { readProgress } from "./statistics-store.ts";

/**
 * How much is wanted, held and done today (UTC), and by whom. Costs the same at any length of the queue.
 * @throws ProblemError not-found for the agent
 */
export async function annotationQueueStatistics({
  ctx,
  input,
}: {
  ctx: TenantContext;
  /** UUID or slug; every agent without it. */
  input: { agentId?: string | undefined };
}): Promise<AnnotationQueueStatistics> {
  const agent =
    input.agentId === undefined ? undefined : await findAgent(ctx, input.agentId, "query.agent_id");
  const gauges = await readGauges(ctx, [OPEN_ANNOTATIONS], agent === undefined ? undefined : [agent.id]);
  const people = await readProgress(ctx, agent?.id);
  return {
    agent_id: agent?.id ?? null,
    pending: [...gauges.values()].reduce((sum, count) => sum + count, 0),
    claimed: people.reduce((sum, person) => sum + person.claimed, 0),
    completed_today: people.reduce((sum, person) => sum + person.completed_today, 0),
    people,
  };
}
