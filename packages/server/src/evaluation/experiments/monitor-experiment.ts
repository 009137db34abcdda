import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import type { Context } from "../../context.ts";
import type { Analysis } from "./analyse-experiment.ts";
import { closeExperiment, type ClosingDecision } from "./close-experiment.ts";
import { refreshExperiment } from "./refresh-experiment.ts";
import { lockExperiment } from "./store.ts";

/** What the policy decides by itself: harm at once, a winner when there is one. Nothing else. */
export function automaticDecision(analysis: Analysis): ClosingDecision | undefined {
  const harmful = analysis.harm.find((evidence) => evidence.breached);
  if (harmful !== undefined) {
    const notes = `Stopped for harm: ${harmful.metric} of the treatment is worse than the control's (ln E ${harmful.ln_evidence.toFixed(2)} after ${harmful.pairs} pairs of units, ${harmful.ln_threshold.toFixed(2)} suffices).`;
    return { decision: "stopped_for_harm", winner: "control", notes, decidedBy: null };
  }
  const { winner, significance } = analysis.verdict;
  if (winner === null) return undefined;
  const primary = analysis.comparisons.find((comparison) => comparison.primary);
  const { estimate, lower, upper } = primary?.absolute ?? { estimate: 0, lower: 0, upper: 0 };
  const effect = `${primary?.metric ?? "primary metric"} ${estimate.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)}), significance ${significance?.toFixed(4) ?? "none"}`;
  return {
    decision: winner === "treatment" ? "deploy_treatment" : "keep_control",
    winner,
    notes: `Decided by the policy: the ${winner} won, treatment less control ${effect}.`,
    decidedBy: null,
  };
}

/**
 * One look at a running experiment: folds, analyses, and lets the policy decide. A paused one is analysed and left alone. Somebody
 * else's look at the same moment makes this one do nothing.
 */
export async function monitorExperiment({
  ctx,
  input,
}: {
  ctx: Context;
  input: { experimentId: string };
}): Promise<void> {
  await ctx.transact(async (tenant) => {
    const locked = await lockExperiment(tenant, input.experimentId, { skipLocked: true });
    if (locked === undefined || (locked.status !== "running" && locked.status !== "paused")) return;
    const { row, analysis } = await refreshExperiment({ ctx: tenant, input: { row: locked, final: false } });
    if (row.status !== "running") return;
    const agent = await findAgent(tenant, row.agent_id, "path.experimentId");
    if (!agentPolicy.parse(agent.policy).experiment.automatic_decision) return;
    const closing = automaticDecision(analysis);
    if (closing === undefined) return;
    await closeExperiment({ ctx: tenant, input: { row, closing } });
  });
}
