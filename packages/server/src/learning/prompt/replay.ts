import type { Candidate, LanguageModel } from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import { createAnswerer } from "./answerer.ts";

const RECENT = 200;

/** The newest inputs that production answered, for replaying. */
export async function readRecentInputs(
  ctx: TenantContext,
  agentId: string,
  limit: number = RECENT,
): Promise<string[]> {
  const rows = await ctx.tx
    .selectFrom("agent_executions")
    .select("input_text")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("environment", "=", "production")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.input_text);
}

export interface ReplayOptions {
  base: Candidate;
  candidate: Candidate;
  inputs: readonly string[];
  model: LanguageModel | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Share of inputs, 0 to 1, that the candidate answers otherwise than the base: the guide's "prompt changes affecting > 50 % of
 * queries" is about this. Null when nothing could be replayed: an unmeasured change needs a review.
 */
export async function measureAffectedShare({
  base,
  candidate,
  inputs,
  model,
  signal,
}: ReplayOptions): Promise<number | null> {
  const answerBase = createAnswerer(base, model, signal);
  const answerCandidate = createAnswerer(candidate, model, signal);
  if (inputs.length === 0 || answerBase === undefined || answerCandidate === undefined) return null;
  let changed = 0;
  for (const input of inputs) {
    signal?.throwIfAborted();
    if ((await answerBase(input)).trim() !== (await answerCandidate(input)).trim()) changed += 1;
  }
  return changed / inputs.length;
}
