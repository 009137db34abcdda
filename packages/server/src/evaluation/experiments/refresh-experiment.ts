import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import type { TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import { addChanges, closeUnits, foldUnits, inTestOrder, type SubjectSums } from "../exposures/index.ts";
import { type Analysis, analyseExperiment } from "./analyse-experiment.ts";
import { harmMetrics, type HarmObservation, type HarmState, observeHarm } from "./harm-watch.ts";
import { changeExperiment, NOW } from "./store.ts";
import {
  type ExperimentRow,
  runningHours,
  settingsOf,
  type StoredAnalysis,
  storedAnalysis,
} from "./stored-experiment.ts";

/** Units folded by one statement, and statements of one look: what bounds the transaction. */
const BATCH = 5_000;
const MAXIMUM_BATCHES = 20;

async function foldAll(ctx: TenantContext, id: string, before: SubjectSums): Promise<SubjectSums> {
  let sums = before;
  for (let batch = 0; batch < MAXIMUM_BATCHES; batch += 1) {
    const { units, changes } = await foldUnits(ctx, id, BATCH);
    sums = addChanges(sums, changes);
    if (units < BATCH) break;
  }
  return sums;
}

async function watchHarm(ctx: TenantContext, row: ExperimentRow, before: HarmState): Promise<HarmState> {
  const { primary } = settingsOf(row);
  let state = before;
  for (const metric of harmMetrics(primary)) {
    const units = [
      ...(await closeUnits(ctx, row.id, { metric, arm: "control", limit: BATCH })),
      ...(await closeUnits(ctx, row.id, { metric, arm: "treatment", limit: BATCH })),
    ];
    const observations = inTestOrder(units).map(({ arm, value }): HarmObservation => ({
      metric,
      arm,
      value,
    }));
    state = observeHarm(state, observations, { primary, alpha: row.significance_level });
  }
  return state;
}

/**
 * Folds what came in since the last look and stores what the sums say now. The caller holds the row. No decision is taken here.
 * @param final the experiment ends with this look
 */
export async function refreshExperiment({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { row: ExperimentRow; final: boolean };
}): Promise<{ row: ExperimentRow; analysis: Analysis }> {
  const { row } = input;
  const stored = storedAnalysis(row);
  const agent = await findAgent(ctx, row.agent_id, "path.experimentId");
  const settings = settingsOf(row);
  const sums = await foldAll(ctx, row.id, stored.sums);
  const harm = await watchHarm(ctx, row, stored.harm);
  const analysis = analyseExperiment({
    ...settings,
    sums,
    harm,
    runningHours: runningHours(row, stored.clock, await learningNow(ctx.tx)),
    alpha: row.significance_level,
    requiredSignificance: agentPolicy.parse(agent.policy).experiment.significance,
    final: input.final,
  });
  const kept: StoredAnalysis = {
    sums,
    harm,
    clock: stored.clock,
    comparisons: analysis.comparisons,
    harmEvidence: analysis.harm,
    missing: analysis.verdict.missing,
  };
  const changed = await changeExperiment(ctx, row.id, {
    current_control_samples: analysis.units.control,
    current_treatment_samples: analysis.units.treatment,
    control_metrics: json(analysis.control),
    treatment_metrics: json(analysis.treatment),
    statistical_significance: analysis.verdict.significance,
    winner: analysis.verdict.winner,
    health: json(analysis.health),
    analysis: json(kept),
    analysed_at: NOW,
  });
  return { row: changed, analysis };
}
