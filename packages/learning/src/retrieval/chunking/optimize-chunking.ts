import { pairedRandomisation } from "@agent-learning/statistics";
import type { Random } from "../../ports.ts";
import type { ChunkSettings } from "./cut-text.ts";
import {
  type ChunkingScores,
  type Cut,
  meanChunkingScores,
  measureChunking,
  measureChunkings,
  type SpanQuestion,
} from "./measure-chunking.ts";

export interface OptimizeChunkingOptions {
  random: Random;
  /** How the documents are cut now. */
  baseline: ChunkSettings | Cut;
  /** Chunks that a question is answered from now; default 5. */
  baselineShown?: number;
  /** What is tried; `CHUNKING_GRID` unless given. */
  grid?: readonly ChunkSettings[];
  /** Numbers of chunks to answer from that are tried with each; default 3, 5, 8, 12 and 20. */
  shown?: readonly number[];
  signal?: AbortSignal | undefined;
}

/** A cut, and how many of its chunks a question is answered from. */
export interface ChunkingChoice extends ChunkSettings {
  shown: number;
}

export interface ChunkingTrial extends ChunkingChoice {
  /** On the questions that the choice is made on. */
  scores: ChunkingScores;
}

export interface OptimizedChunking {
  verdict: "change" | "keep";
  /** Why it is kept, in sentences; empty for a change. */
  reasons: string[];
  /** The best settings; null where none keeps the recall. */
  settings: ChunkingChoice | null;
  /** On the questions that the choice did not see. */
  before: ChunkingScores;
  after: ChunkingScores;
  questions: number;
  /** One-sided, of the IoU. */
  pValue: number;
  /** Best first. */
  trials: ChunkingTrial[];
}

/** Sizes from a few sentences to a page, without and with some sentences repeated. */
export const CHUNKING_GRID: readonly ChunkSettings[] = [40, 60, 80, 120, 160, 200, 300, 400, 600].flatMap(
  (size) => [0, 0.15, 0.3].map((share) => ({ size, overlap: Math.round(share * size) })),
);

const SHOWN = [3, 5, 8, 12, 20];
/** What the recall may lose: 1 point. */
const RECALL_TOLERANCE = 0.01;
const FEWEST_QUESTIONS = 20;

/** The mean and one standard error: of many that seem to lose little, some only do by luck. */
function upperMean(values: readonly number[]): number {
  const count = values.length || 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  return mean + Math.sqrt(variance / count);
}

/**
 * Chooses size, overlap and how many chunks to answer from on half of the questions: the largest mean IoU among those whose recall is, with a standard error to spare,
 * at most a point below that of the present cut. The other half says whether it is better (paired randomisation), and whether the recall holds there too.
 */
export function optimizeChunking(
  documents: ReadonlyMap<string, string>,
  questions: readonly SpanQuestion[],
  options: OptimizeChunkingOptions,
): OptimizedChunking {
  const steps = optimizeChunkingInSteps(documents, questions, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, stopping after each of the settings that are tried, so that others may work. */
export function* optimizeChunkingInSteps(
  documents: ReadonlyMap<string, string>,
  questions: readonly SpanQuestion[],
  {
    random,
    baseline,
    baselineShown = 5,
    grid = CHUNKING_GRID,
    shown = SHOWN,
    signal,
  }: OptimizeChunkingOptions,
): Generator<void, OptimizedChunking, void> {
  const draw = random.fork("halves");
  const shuffled = questions
    .map((question) => ({ question, key: draw.next() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ question }) => question);
  const middle = Math.floor(shuffled.length / 2);
  const [own, others] = [shuffled.slice(0, middle), shuffled.slice(middle)];
  const ownBefore = measureChunking(documents, own, baseline, baselineShown);
  const tried: (ChunkingTrial & { isSafe: boolean })[] = [];
  for (const settings of grid) {
    signal?.throwIfAborted();
    for (const [place, scores] of measureChunkings(documents, own, settings, shown).entries()) {
      const lost = scores.map(({ recall }, index) => (ownBefore[index]?.recall ?? 0) - recall);
      tried.push({
        ...settings,
        shown: shown[place] ?? 0,
        scores: meanChunkingScores(scores),
        isSafe: upperMean(lost) <= RECALL_TOLERANCE,
      });
    }
    yield;
  }
  const trials = tried.toSorted((one, other) => other.scores.iou - one.scores.iou);
  const best = trials.find(({ isSafe }) => isSafe);
  const was = measureChunking(documents, others, baseline, baselineShown);
  const before = meanChunkingScores(was);
  const kept = {
    verdict: "keep",
    before,
    questions: others.length,
    trials: trials.map(({ isSafe: _isSafe, ...trial }): ChunkingTrial => trial),
  } as const;
  if (questions.length < FEWEST_QUESTIONS || best === undefined) {
    const reason =
      questions.length < FEWEST_QUESTIONS
        ? `${questions.length} questions have a known place of their answer; ${FEWEST_QUESTIONS} are needed.`
        : "No other size keeps as much of the answers.";
    return { ...kept, reasons: [reason], settings: null, after: before, pValue: 1 };
  }
  const settings: ChunkingChoice = { size: best.size, overlap: best.overlap, shown: best.shown };
  const is = measureChunking(documents, others, settings, settings.shown);
  const after = meanChunkingScores(is);
  const differences = is.map(({ iou }, index) => iou - (was[index]?.iou ?? 0));
  const { pValue, mean } = pairedRandomisation(differences, { seed: "chunking" });
  const reasons: string[] = [];
  if (!(mean > 0 && pValue < 0.05))
    reasons.push(
      `The IoU went from ${before.iou.toFixed(3)} to ${after.iou.toFixed(3)} on other questions (p = ${pValue.toFixed(3)}, needed: below 0.05).`,
    );
  if (after.recall < before.recall - RECALL_TOLERANCE)
    reasons.push(
      `The recall would fall from ${before.recall.toFixed(3)} to ${after.recall.toFixed(3)}; ${RECALL_TOLERANCE} is accepted.`,
    );
  return { ...kept, verdict: reasons.length === 0 ? "change" : "keep", reasons, settings, after, pValue };
}
