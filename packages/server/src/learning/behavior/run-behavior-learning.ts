import { agentVersionConfig } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { findVersion } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { openSpendingMeter } from "../budgets/index.ts";
import { chooseDataset } from "../prompt/choose-dataset.ts";
import { readDatasetRows } from "../prompt/read-rows.ts";
import { withMeter } from "../prompt/run-prompt-optimization.ts";
import { toCandidate } from "../prompt/to-candidate.ts";
import { preferenceSignal } from "../preferences/preference-signal.ts";
import { carryOutRun, type RunHandle } from "../training-runs/carry-out-run.ts";
import { readBehaviorSettings } from "./behavior-settings.ts";
import { concludeBehavior, keepBehavior } from "./conclude.ts";
import { gateCandidate } from "./gate-candidate.ts";
import { learnFromRuns, readTraces } from "./learn-from-runs.ts";
import { nextCandidate } from "./next-candidate.ts";
import { readStillApproved } from "./store.ts";

/** What experts give: the other types are prompt learning's. */
const FROM_EXPERTS: readonly string[] = ["demonstration", "correction"];

/** Carries one run of behaviour learning out. Idempotent: an ended run stays as it is, an interrupted one starts over. */
export async function runBehaviorLearning({
  ctx,
  runId,
  signal,
}: {
  ctx: Context;
  runId: string;
  signal: AbortSignal;
}): Promise<void> {
  await carryOutRun({ ctx, runId, signal }, async (handle) => {
    const meter = await openSpendingMeter(ctx, runId);
    try {
      await learn(withMeter(ctx, meter), handle, signal);
    } finally {
      await meter.flush().catch((error: unknown) => {
        ctx.services.log.warn("what a run spent could not be written", { runId, error });
      });
    }
  });
}

async function learn(ctx: Context, handle: RunHandle, signal: AbortSignal): Promise<void> {
  const { row } = handle;
  const agentId = row.agent_id;
  const settings = readBehaviorSettings(row.config).data;
  const baseId = row.base_version_id;
  if (settings === undefined || baseId === null) throw new Error("the run's settings cannot be read");
  const choice = row.dataset_id === null ? await chooseDataset(ctx, agentId) : { id: row.dataset_id };
  if ("reasons" in choice)
    return keepBehavior(handle, ["There is no dataset that may be learned from.", ...choice.reasons]);
  await handle.change({ datasetId: choice.id }, { type: "dataset", data: { dataset_id: choice.id } });
  const rows = await readDatasetRows(ctx, choice.id);

  const { version, traces, usable } = await ctx.transact(async (tenant) => {
    const found = await findVersion(tenant, agentId, baseId, "base_version_id");
    const served = agentVersionConfig.parse(found.config).demonstrations;
    const ids = [...rows.training.map(({ id }) => id), ...served.flatMap(({ example_id: id }) => id ?? [])];
    return {
      version: found,
      traces: (await readTraces(tenant, await findAgent(tenant, agentId, "agent_id"), settings.days)).traces,
      usable: await readStillApproved(tenant, agentId, ids),
    };
  });
  const base = { id: baseId, config: agentVersionConfig.parse(version.config) };
  const seed = toCandidate(base.config);
  const learned = learnFromRuns(traces, String(settings.seed));
  const metrics = {
    evidence: {
      expert_runs: learned.experts.traces,
      agent_runs: learned.agent.traces,
      patterns_tested: learned.tested,
      departures: learned.departures.length,
    },
  };
  await handle.change({ progressPercentage: 50, metrics }, { type: "evidence", data: metrics.evidence });
  const { candidate, diff } = nextCandidate({
    base: seed,
    rules: learned.rules,
    shown: rows.training.filter(({ id }) => FROM_EXPERTS.includes(usable.get(id) ?? "")),
    mayUse: (id) => usable.has(id),
  });
  if (diff === undefined)
    return keepBehavior(handle, ["Experts showed nothing that the agent does not know already."], metrics);
  const gated = await gateCandidate(ctx, {
    handle,
    base,
    seed,
    candidate,
    rulesChanged: diff.rules_added.length + diff.rules_removed.length > 0,
    rows,
    settings,
    signal,
  });
  const preference = await preferenceSignal(ctx, {
    agentId,
    rows: gated.rows,
    seed: settings.seed,
  });
  await concludeBehavior({ handle, baseId, datasetId: choice.id, gated, diff, metrics, preference });
}
