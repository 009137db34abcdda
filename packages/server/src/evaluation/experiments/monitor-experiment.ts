import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { experimentArms, sharesOf, storedAllocation } from "../../administration/serving/index.ts";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { metricsOf } from "../metrics/index.ts";
import type { Analysis } from "./analyse-experiment.ts";
import { changeAllocation } from "./change-allocation.ts";
import { closeExperiment, type ClosingDecision } from "./close-experiment.ts";
import { reallocation } from "./reallocation.ts";
import { refreshExperiment } from "./refresh-experiment.ts";
import { stopHarmedArms } from "./stop-harmed-arms.ts";
import { lockExperiment } from "./store.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

const policyDecides = { decidedBy: null } as const;

/**
 * What the policy decides by itself: harm in every treatment that is left at once, a winner when there is one, and that a fixed horizon
 * ended without one. Nothing else.
 */
export function automaticDecision(
  analysis: Analysis,
  openTreatments: readonly string[],
): ClosingDecision | undefined {
  const { verdict } = analysis;
  const harmful = analysis.harm.find(({ arm, breached }) => breached && openTreatments.includes(arm));
  if (harmful !== undefined && openTreatments.every((arm) => verdict.harmed.includes(arm))) {
    const notes = `Stopped for harm: ${harmful.metric} of ${harmful.arm === "treatment" ? "the treatment" : harmful.arm} is worse than the control's (ln E ${harmful.ln_evidence.toFixed(2)} after ${harmful.pairs} pairs of units, ${harmful.ln_threshold.toFixed(2)} suffices).`;
    return { decision: "stopped_for_harm", winner: "control", winningArm: null, notes, ...policyDecides };
  }
  const { winner, winningArm, significance } = verdict;
  if (winner === null) {
    const sound = verdict.over && analysis.health.status !== "unhealthy";
    return sound
      ? {
          decision: "inconclusive",
          winner: null,
          winningArm: null,
          notes: verdict.missing.join(" "),
          ...policyDecides,
        }
      : undefined;
  }
  const primary = analysis.comparisons.find(
    (comparison) => comparison.primary && (winningArm === null || comparison.arm === winningArm),
  );
  const { estimate, lower, upper } = primary?.absolute ?? { estimate: 0, lower: 0, upper: 0 };
  const effect = `${primary?.metric ?? "primary metric"} ${estimate.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)}), significance ${significance?.toFixed(4) ?? "none"}`;
  const name = winningArm === null || winningArm === winner ? `the ${winner}` : winningArm;
  return {
    decision: winner === "treatment" ? "deploy_treatment" : "keep_control",
    winner,
    winningArm,
    notes: `Decided by the policy: ${name} won, ${primary?.arm ?? "treatment"} less control ${effect}.`,
    ...policyDecides,
  };
}

/**
 * One look at a running experiment: folds, analyses, lets the policy decide, and a bandit allocate anew. A paused or ended one is
 * analysed and left alone. Somebody else's look at the same moment makes this one do nothing.
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
    if (locked === undefined || locked.status === "draft") return;
    const { row, analysis } = await refreshExperiment({ ctx: tenant, input: { row: locked, final: false } });
    if (row.status !== "running") return;
    const now = await learningNow(tenant.tx);
    const agent = await findAgent(tenant, row.agent_id, "path.experimentId");
    if (agentPolicy.parse(agent.policy).experiment.automatic_decision) {
      const closing = automaticDecision(analysis, openTreatments(row));
      const { harmed } = analysis.verdict;
      if (closing !== undefined) await closeExperiment({ ctx: tenant, input: { row, closing } });
      else if (harmed.length > 0) await stopHarmedArms({ ctx: tenant, input: { row, harmed, now } });
      if (closing !== undefined || harmed.length > 0) return;
    }
    const moved = reallocation(storedAllocation(row), analysis.beliefs, {
      isLowerBetter: metricsOf(row).some((one) => one.name === row.primary_metric && one.better === "lower"),
      now,
    });
    if (moved !== undefined) await changeAllocation({ ctx: tenant, input: { row, now, ...moved } });
  });
}

/** Treatments that still take units. */
function openTreatments(row: ExperimentRow): string[] {
  const shares = sharesOf(row);
  return experimentArms(row)
    .map(({ name }, index) => ({ name, share: shares[index] ?? 0 }))
    .slice(1)
    .filter(({ share }) => share > 0)
    .map(({ name }) => name);
}
