import { agentVersionConfig } from "@agent-learning/contract";
import { boundedPerActor, type QueryEvidence, type RankingGateResult } from "@agent-learning/learning";
import { contentHash, findVersion } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { carryOutRun, type RunHandle } from "../training-runs/carry-out-run.ts";
import { chunkingOf } from "./chunking/chunking-setting.ts";
import { learnChunking } from "./chunking/learn-chunking.ts";
import { concludeWithCandidate, keepRanking } from "./conclude.ts";
import { learnAdapter } from "./learn-adapter.ts";
import { learnExpansion } from "./learn-expansion.ts";
import { learnFusion } from "./learn-fusion.ts";
import { learnChunkRelevance, learnRanking } from "./learn-ranking.ts";
import type { Learned, Lesson } from "./lesson.ts";
import { movesOf } from "./moves.ts";
import { rankingOf, withRanking } from "./ranking-setting.ts";
import { readEvidence } from "./read-evidence.ts";
import { readRetrievalSettings, type RetrievalSettings } from "./retrieval-settings.ts";
import { planSpotChecks } from "./spot-checks/plan-spot-checks.ts";
import { type EvidenceWindow, readArtifact } from "./store.ts";
import { vetRetrieval } from "./vet-retrieval.ts";

const DAY = 86_400_000;
/** Judged queries below which nothing is tried: five folds and the gate each need some. */
const FEWEST_QUERIES = 50;

/** Carries one run of retrieval learning out. Idempotent: an ended run stays as it is. */
export async function runRetrievalTraining({
  ctx,
  runId,
  signal,
}: {
  ctx: Context;
  runId: string;
  signal: AbortSignal;
}): Promise<void> {
  await carryOutRun({ ctx, runId, signal }, (handle) => train(ctx, handle, signal));
}

interface Checkpoint {
  /** The evidence as it was at this time: whoever takes the run over learns from the same. */
  until?: string;
}

async function evidenceWindow(
  ctx: Context,
  handle: RunHandle,
  { days }: RetrievalSettings,
): Promise<EvidenceWindow> {
  const { until: known } = (handle.row.checkpoint ?? {}) as unknown as Checkpoint;
  const until = known === undefined ? await ctx.transact(({ tx }) => learningNow(tx)) : new Date(known);
  if (known === undefined) {
    const checkpoint: Checkpoint = { until: until.toISOString() };
    await handle.change({ checkpoint }, { type: "evidence", data: { until: until.toISOString() } });
  }
  return { agentId: handle.row.agent_id, from: new Date(until.getTime() - days * DAY), until };
}

async function train(ctx: Context, handle: RunHandle, signal: AbortSignal): Promise<void> {
  const { row } = handle;
  const settings = readRetrievalSettings(row.config).data;
  const baseId = row.base_version_id;
  if (settings === undefined || baseId === null) throw new Error("the run's settings cannot be read");
  const version = await ctx.transact((tenant) =>
    findVersion(tenant, row.agent_id, baseId, "base_version_id"),
  );
  const base = { id: baseId, config: agentVersionConfig.parse(version.config) };
  const served = rankingOf(base.config)?.artifact_id;
  const before =
    served === undefined
      ? null
      : ((await ctx.transact((tenant) => readArtifact(tenant, served)))?.artifact ?? null);

  const window = await evidenceWindow(ctx, handle, settings);
  const { method } = settings;
  if (method === "chunking") return learnChunking({ ctx, handle, settings, base, before, window, signal });
  const chunkingId = chunkingOf(base.config)?.chunking_id;
  const evidence = await readEvidence(ctx, window, settings.max_retrievals, chunkingId);
  const judged = evidence.filter(({ grades }) => grades.size > 0);
  const counts = { retrievals: evidence.length, judged_queries: judged.length };
  await handle.change({ metrics: { evidence: counts } }, { type: "evidence", data: counts });
  if (judged.length < FEWEST_QUERIES) {
    return keepRanking(handle, counts, [
      `${judged.length} queries have a chunk that is known to be relevant; ${FEWEST_QUERIES} are needed. Mark chunks, or record which ones an answer cites.`,
    ]);
  }
  // The latest are held out: what is learned must hold for what comes.
  const latest = judged.slice(-Math.floor(judged.length * settings.held_out));
  const first = latest[0] as QueryEvidence;
  const heldOut = boundedPerActor(latest);
  const known = evidence.slice(0, evidence.indexOf(first));
  const later = evidence.slice(known.length);
  const lesson = { ctx, handle, settings, chunkingId, known, heldOut, later, before, signal };
  const learned = await WAYS[method](lesson);
  if ("reasons" in learned) {
    const { reasons, trials } = learned;
    return keepRanking(handle, counts, reasons, trials === undefined ? {} : { trials });
  }
  const { artifact, trials, gate, orders } = learned;
  const moves = movesOf(orders, artifact);
  const metrics = { evidence: counts, trials, gate: presentGate(gate), moves };
  await handle.change(
    { progressPercentage: 90, metrics },
    { type: "gate", data: { verdict: gate.verdict, reasons: gate.reasons } },
  );
  if (gate.verdict === "keep") return keepRanking(handle, counts, gate.reasons, metrics);

  const id = newId();
  const hash = contentHash(artifact);
  const config = withRanking(base.config, { artifact_id: id, content_hash: hash, format: artifact.format });
  const vetting = await vetRetrieval({ ctx, handle, base, config, signal });
  const { baseline, candidate } = gate;
  await concludeWithCandidate({
    handle,
    base,
    config,
    artifact: { id, hash, artifact },
    summary: `nDCG@10 of ${gate.queries} later queries from ${baseline.ndcg10.toFixed(3)} to ${candidate.ndcg10.toFixed(3)} (p = ${gate.pValue.toFixed(4)}).`,
    report: metrics.gate,
    bestMetrics: { ndcg10: candidate.ndcg10, baseline_ndcg10: baseline.ndcg10 },
    metrics,
    vetting,
    spotChecks: { planned: planSpotChecks(orders, artifact, settings.seed), chunkingId, seed: settings.seed },
  });
}

const WAYS: Record<
  Exclude<RetrievalSettings["method"], "chunking">,
  (lesson: Lesson) => Learned | Promise<Learned>
> = {
  ranking: learnRanking,
  chunk_relevance: learnChunkRelevance,
  query_expansion: learnExpansion,
  fusion: learnFusion,
  adapter: learnAdapter,
};

/** What a run's page shows of the gate. */
export function presentGate(gate: RankingGateResult): Record<string, unknown> {
  const { verdict, reasons, queries, baseline, candidate, pValue, slices } = gate;
  return { verdict, reasons, queries, baseline, candidate, p_value: pValue, slices };
}
