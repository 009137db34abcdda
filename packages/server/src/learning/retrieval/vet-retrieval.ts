import type { AgentVersionConfig } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import type { Vetting } from "../candidate-observer.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";

/** What the release gate says of a candidate. Undefined: it was not asked. */
export async function vetRetrieval({
  ctx,
  handle,
  base,
  config,
  signal,
}: {
  ctx: Context;
  handle: RunHandle;
  base: { id: string; config: AgentVersionConfig };
  config: AgentVersionConfig;
  signal: AbortSignal;
}): Promise<Vetting | undefined> {
  // Whoever answers with a model of their own puts the gate's questions to their own agent.
  const canAnswer = base.config.runtime === "demonstrations" || ctx.services.models.configured;
  if (!canAnswer) return undefined;
  const { agent_id: agentId, id: trainingRunId } = handle.row;
  return ctx.services.vetCandidate(ctx, { agentId, trainingRunId, config, baseline: base, signal });
}
