import { agentPolicy, type ExampleType, type LearningExample } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { presentExample } from "./present-example.ts";
import { readApprovedExamples } from "./store.ts";

export interface ApprovedExamplesInput {
  /** UUID or slug. */
  agentId: string;
  exampleTypes?: readonly ExampleType[] | undefined;
  /** Id of the last example of the page before. */
  after?: string | undefined;
  /** 1,000 unless given. */
  limit?: number | undefined;
}

/**
 * What an agent may learn from: approved, active, quality score at least the policy's. Oldest first, a page at a time.
 * @returns the examples, and `next`: what to pass as `after` for the page that follows, null on the last
 * @throws ProblemError not-found for the agent
 */
export async function listApprovedExamples({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ApprovedExamplesInput;
}): Promise<{ examples: LearningExample[]; next: string | null }> {
  const agent = await findAgent(ctx, input.agentId, "body.agent_id");
  const limit = input.limit ?? 1_000;
  const rows = await readApprovedExamples(ctx, {
    agentId: agent.id,
    minimumQuality: agentPolicy.parse(agent.policy).training.min_quality_score,
    types: input.exampleTypes,
    after: input.after,
    limit: limit + 1,
  });
  const kept = rows.slice(0, limit);
  return { examples: kept.map(presentExample), next: rows.length > limit ? (kept.at(-1)?.id ?? null) : null };
}
