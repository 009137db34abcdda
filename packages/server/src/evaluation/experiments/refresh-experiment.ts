import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { experimentArms, sharesOf, storedAllocation } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import {
  addChanges,
  closeUnits,
  foldUnits,
  inTestOrder,
  type SubjectSums,
  type SumsChange,
} from "../exposures/index.ts";
import { metricsOf } from "../metrics/index.ts";
import { type Analysis, analyseExperiment } from "./analyse-experiment.ts";
import { harmMetrics, type HarmState, type HarmWatch, observeHarm } from "./harm-watch.ts";
import { isWorthKeeping, toKept } from "./keep-look.ts";
import { insertLook } from "./looks-store.ts";
import { changeExperiment, NOW, selectState, storeState } from "./store.ts";
import {
  type ExperimentRow,
  runningHours,
  settingsOf,
  type StoredAnalysis,
  storedAnalysis,
} from "./stored-experiment.ts";

/** Changes, or units, that one statement takes in, and statements of one look: what bounds the transaction. The last look takes in everything. */
const BATCH = 5_000;
const MAXIMUM_BATCHES = 20;

async function foldAll(
  ctx: TenantContext,
  id: string,
  before: SubjectSums,
  batches: number,
): Promise<SubjectSums> {
  const all: SumsChange[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const { taken, changes } = await foldUnits(ctx, id, BATCH);
    all.push(...changes);
    if (taken < BATCH) break;
  }
  return all.length === 0 ? before : addChanges(before, all);
}

async function watchHarm(
  ctx: TenantContext,
  id: string,
  before: HarmState,
  watch: HarmWatch,
): Promise<HarmState> {
  let state = before;
  for (const metric of harmMetrics(watch.metrics)) {
    const units = [];
    for (const arm of ["control", ...watch.treatments]) {
      units.push(...(await closeUnits(ctx, id, { metric: metric.name, arm, limit: BATCH })));
    }
    if (units.length > 0) state = observeHarm(state, metric, inTestOrder(units), watch);
  }
  return state;
}

function keepable(analysis: Analysis, before: StoredAnalysis): StoredAnalysis {
  return {
    clock: before.clock,
    keptAt: before.keptAt,
    samples: analysis.units,
    estimates: analysis.estimates,
    comparisons: analysis.comparisons,
    harmEvidence: analysis.harm,
    missing: analysis.verdict.missing,
    power: analysis.power,
    concluded: analysis.concluded,
  };
}

/**
 * Folds what came in since the last look and stores what the sums say now. The caller holds the row. No decision is taken here. What
 * comes after the end counts where its unit was exposed: estimates move, the decision and what it was taken by stay.
 * @param final the experiment ends with this look
 */
export async function refreshExperiment({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { row: ExperimentRow; final: boolean };
}): Promise<{ row: ExperimentRow; analysis: Analysis }> {
  const { row, final } = input;
  const hasEnded = row.status === "stopped" || row.status === "decided";
  const stored = storedAnalysis(row);
  const state = await selectState(ctx, row.id);
  const agent = await findAgent(ctx, row.agent_id, "path.experimentId");
  const metrics = metricsOf(row);
  const arms = experimentArms(row);
  const current = sharesOf(row);
  const sums = await foldAll(ctx, row.id, state.sums, final ? Number.MAX_SAFE_INTEGER : MAXIMUM_BATCHES);
  const harm = await watchHarm(ctx, row.id, state.harm, {
    treatments: arms.slice(1).map((arm) => arm.name),
    metrics,
    alpha: row.significance_level,
  });
  const now = await learningNow(ctx.tx);
  const ran = runningHours(row, stored.clock, now);
  const periods = Math.max(1, storedAllocation(row).periods.length);
  const analysis = analyseExperiment({
    ...settingsOf(row),
    sums,
    harm,
    arms: arms.map(({ name }, index) => ({ name, closed: (current[index] ?? 0) <= 0 })),
    shares: Array.from({ length: periods }, (_, period) => sharesOf(row, period)),
    metrics,
    runningHours: ran,
    now,
    alpha: row.significance_level,
    requiredSignificance: agentPolicy.parse(agent.policy).experiment.significance,
    concluded: stored.concluded,
    final: final || hasEnded,
  });
  const kept = keepable(analysis, stored);
  if (isWorthKeeping({ now, keptAt: stored.keptAt, runningHours: ran, final })) {
    kept.keptAt = now.toISOString();
    const comparisons = analysis.comparisons.map(toKept);
    await insertLook(ctx, row.id, { at: now, runningHours: ran, comparisons });
  }
  if (sums !== state.sums || harm !== state.harm) await storeState(ctx, row.id, { sums, harm });
  const changed = await changeExperiment(ctx, row.id, {
    current_control_samples: analysis.units["control"] ?? 0,
    current_treatment_samples: analysis.units["treatment"] ?? 0,
    control_metrics: json(analysis.estimates["control"] ?? {}),
    treatment_metrics: json(analysis.estimates["treatment"] ?? {}),
    ...(row.status === "decided"
      ? {}
      : {
          statistical_significance: analysis.verdict.significance,
          winner: analysis.verdict.winner ?? (hasEnded ? "none" : null),
          winning_arm: analysis.verdict.winningArm,
        }),
    health: json(analysis.health),
    analysis: json(kept),
    analysed_at: NOW,
  });
  return { row: changed, analysis };
}
