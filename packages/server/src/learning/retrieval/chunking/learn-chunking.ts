import { ENVIRONMENTS, type AgentVersionConfig } from "@agent-learning/contract";
import type { RetrievalArtifact, SpanQuestion } from "@agent-learning/learning";
import { readServingPointer } from "../../../administration/serving/index.ts";
import { contentHash, findVersion } from "../../../administration/versions/index.ts";
import type { Context } from "../../../context.ts";
import {
  buildChunking,
  mapChunkNames,
  readChunking,
  readIndex,
  retireChunkings,
} from "../../../curation/documents/index.ts";
import { newId } from "../../../new-id.ts";
import type { RunHandle } from "../../training-runs/carry-out-run.ts";
import { concludeWithCandidate, keepRanking } from "../conclude.ts";
import { withRanking } from "../ranking-setting.ts";
import type { RetrievalSettings } from "../retrieval-settings.ts";
import type { EvidenceWindow } from "../store.ts";
import { vetRetrieval } from "../vet-retrieval.ts";
import { carryArtifact, chunksOf } from "./carry-artifact.ts";
import { chooseChunking, type GroupChoice } from "./choose-chunking.ts";
import { chunkingOf, withChunking } from "./chunking-setting.ts";
import { readCorpus } from "./read-corpus.ts";

/** Chunks that `retrieve` returns unless somebody says how many. */
const SHOWN = 10;
const FEWEST_QUESTIONS = 20;
const TRIALS_SHOWN = 8;
const DOCUMENTS_SHOWN = 5;
const PASSAGES_SHOWN = 50;
/** Shares of the progress bar. */
const [SEARCHED, BUILT] = [50, 90];
const WRITE_MILLISECONDS = 500;

interface Lesson {
  ctx: Context;
  handle: RunHandle;
  settings: RetrievalSettings;
  base: { id: string; config: AgentVersionConfig };
  before: RetrievalArtifact | null;
  window: EvidenceWindow;
  signal: AbortSignal;
}

/** What a run's page shows of a search. */
function present({ trials, ...choice }: GroupChoice): object {
  const { pValue, ...rest } = choice;
  return { ...rest, p_value: pValue, trials: trials.slice(0, TRIALS_SHOWN) };
}

/**
 * Learns from passages how long chunks are best, for all documents and for groups of them; builds an index of them beside the live one; and
 * makes a version that searches it. Nothing that serves changes, and going back is naming another version.
 */
export async function learnChunking(lesson: Lesson): Promise<void> {
  const { ctx, handle, settings, base, window, signal } = lesson;
  const { agentId } = window;
  const setting = chunkingOf(base.config);
  const index = await ctx.transact((tenant) => readIndex(tenant, agentId, setting?.chunking_id));
  if (index === undefined || index.chunks === 0)
    return keepRanking(handle, {}, ["The agent has no documents here that could be cut: index them first."]);
  await clearAway(ctx, agentId, index.chunkingId, signal);
  const { documents, passages } = await readCorpus(ctx, window, signal);
  const { questions, ...counts } = passages;
  const evidence = { questions: questions.length, documents: documents.size, ...counts };
  await handle.change({ metrics: { evidence } }, { type: "evidence", data: evidence });
  if (questions.length < FEWEST_QUESTIONS) {
    const reason = `${questions.length} questions have a known place of their answer; ${FEWEST_QUESTIONS} are needed. Send feedback whose metadata.passages say where in a document the answer stands.`;
    return keepRanking(handle, evidence, [reason]);
  }
  let written = performance.now();
  const report = async (progress: number): Promise<void> => {
    if (performance.now() - written < WRITE_MILLISECONDS) return;
    written = performance.now();
    await handle.change(
      { progressPercentage: progress },
      { type: "progress", data: { share: progress / 100 } },
    );
  };
  const chosen = await chooseChunking(documents, questions, {
    current: await ctx.transact((tenant) => readChunking(tenant, index.chunkingId)),
    shown: setting?.shown ?? SHOWN,
    groupBy: settings.group_by,
    seed: settings.seed,
    signal,
    onProgress: (share) => report(Math.round(share * SEARCHED)),
  });
  const choices = chosen.choices.map(present);
  if (!chosen.isChange) {
    const reasons = chosen.choices.flatMap(({ group, reasons: each }) =>
      each.map((reason) => (group === null ? reason : `${group}: ${reason}`)),
    );
    return keepRanking(handle, evidence, reasons, { chunking: { choices } });
  }
  await handle.change(
    { progressPercentage: SEARCHED, metrics: { evidence, chunking: { choices } } },
    { type: "gate", data: { verdict: "promote", settings: chosen.settings } },
  );
  const built = await buildChunking({
    ctx,
    agentId,
    trainingRunId: handle.row.id,
    settings: chosen.settings,
    signal,
    onProgress: (done) =>
      report(Math.min(BUILT, SEARCHED + Math.round((done / documents.size) * (BUILT - SEARCHED)))),
  });
  let config = withChunking(base.config, { chunking_id: built.id, shown: chosen.shown });
  const carried = await carryOver(lesson, index.chunkingId, built.id);
  if (carried !== undefined) {
    const { id, hash, artifact } = carried.artifact;
    config = withRanking(config, { artifact_id: id, content_hash: hash, format: artifact.format });
  }
  const metrics = {
    evidence,
    chunking: {
      choices,
      from: index.chunkingId,
      to: built.id,
      documents: mostAsked(questions),
      settings: chosen.settings,
      shown: chosen.shown,
      chunks: { before: index.chunks, after: built.chunks },
      ...(carried === undefined ? {} : { carried: carried.carried }),
    },
  };
  const main = chosen.choices.find(({ verdict }) => verdict === "change");
  const [before, after] = [main?.before.iou ?? 0, main?.after.iou ?? 0];
  const of = main === undefined || main.group === null ? "" : ` of ${main.group}`;
  await concludeWithCandidate({
    handle,
    base,
    config,
    artifact: carried?.artifact,
    summary: `Share of shown text${of} that is the answer (IoU) from ${before.toFixed(3)} to ${after.toFixed(3)} on ${main?.questions ?? 0} other questions, in chunks of ${chosen.settings.size} words.`,
    report: { chunking: { choices } },
    bestMetrics: { iou: after, baseline_iou: before },
    metrics,
    vetting: await vetRetrieval({ ctx, handle, base, config, signal }),
  });
}

/** The documents that most questions are about, with the places of their answers. */
function mostAsked(questions: readonly SpanQuestion[]): { document_id: string; passages: number[][] }[] {
  const byDocument = new Map<string, number[][]>();
  for (const { document, start, end } of questions.flatMap(({ spans }) => spans))
    byDocument.set(document, [...(byDocument.get(document) ?? []), [start, end]]);
  return [...byDocument]
    .toSorted(([one, own], [other, others]) => others.length - own.length || (one < other ? -1 : 1))
    .slice(0, DOCUMENTS_SHOWN)
    .map(([name, passages]) => ({ document_id: name, passages: passages.slice(0, PASSAGES_SHOWN) }));
}

/** Old indexes that nothing serves by; the one in service, those of other environments and the newest stay to go back to. */
async function clearAway(ctx: Context, agentId: string, inUse: string, signal: AbortSignal): Promise<void> {
  const kept = await ctx.transact(async (tenant) => {
    const served: string[] = [inUse];
    for (const environment of ENVIRONMENTS) {
      const pointer = await readServingPointer(tenant, agentId, environment);
      if (pointer === undefined) continue;
      const { config } = await findVersion(tenant, agentId, pointer.version_id, "version_id");
      const own = chunkingOf(config as Pick<AgentVersionConfig, "retrieval">);
      if (own !== undefined) served.push(own.chunking_id);
    }
    return served;
  });
  await retireChunkings(ctx, agentId, kept, signal);
}

async function carryOver({ ctx, before }: Lesson, from: string, to: string) {
  if (before === null) return undefined;
  const names = chunksOf(before);
  const successors = await ctx.transact((tenant) => mapChunkNames(tenant, { from, to }, names));
  const { artifact, carried } = carryArtifact(before, successors);
  return { artifact: { id: newId(), hash: contentHash(artifact), artifact }, carried };
}
