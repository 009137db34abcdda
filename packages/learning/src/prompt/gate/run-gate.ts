import type { LanguageModel } from "../../ports.ts";
import { type Candidate, candidateHash } from "../candidate.ts";
import { createDemonstrationsAgentCache } from "../demonstrations-agent/agent-cache.ts";
import { createRowEvaluator } from "../evaluate-rows.ts";
import { type CachedEvaluation, type EvaluatedRow, EvaluationCache } from "../evaluation-cache.ts";
import type { Evaluator } from "../evaluators/evaluator.ts";
import type { Ledger } from "../ledger.ts";
import { distinctRows, inputKey, type Row } from "../rows.ts";
import { gate, type GateInput, type GateReport } from "./gate.ts";

export interface RunGateOptions extends Omit<GateInput, "candidate" | "scores" | "pinned" | "comparisons"> {
  /** At most three, best first. */
  finalists: readonly Candidate[];
  /** A split that no optimizer saw. */
  rows: readonly Row[];
  /** Examples that must be answered right; they may be demonstrations. */
  pinnedRows?: readonly Row[];
  evaluator: Evaluator;
  /** Judges the pinned examples; default: `evaluator`. Goals such as brevity must not fail a right answer. */
  pinnedEvaluator?: Evaluator;
  /** Least score at which a pinned example passes; default 1. */
  pinnedScore?: number;
  model?: LanguageModel | undefined;
  ledger: Ledger;
  concurrency?: number;
  signal?: AbortSignal | undefined;
  /** Answers of an interrupted run, from `onProgress`; the ledger must be one that did not count them. */
  answers?: readonly CachedEvaluation[];
  onProgress?: (progress: { done: number; total: number; answers: () => CachedEvaluation[] }) => void;
}

export interface GateRow {
  rowId: string;
  input: string;
  expected: string;
  seed: EvaluatedRow;
  candidate: EvaluatedRow;
}

export interface FinalistReport extends GateReport {
  candidate: Candidate;
  hash: string;
  /** Row by row, for people; a row on which a call failed is here but was not compared. */
  rows: GateRow[];
  /** Share of the rows whose output differs from the seed's, 0 to 1. */
  changedShare: number;
}

export interface GateResult {
  /** The finalist with the best verdict; undefined without finalists. */
  best: FinalistReport | undefined;
  /** In the order of the finalists. */
  reports: FinalistReport[];
  /** Rows that were not used: equal to a demonstration or a training row, or given twice. */
  setAside: number;
}

const MOST_FINALISTS = 3;
const RANK = { promote: 2, send_to_experiment: 1, reject: 0 };

/**
 * Answers the gate's rows with the seed and the finalists, and decides on each. The level is shared among finalists by
 * Holm's procedure, best evidence first. Rows that also are training rows or demonstrations are set aside. Throws
 * `BudgetExhausted` when the ledger cannot carry it, with the answers so far already reported.
 */
export async function runGate(options: RunGateOptions): Promise<GateResult> {
  const { seed, evaluator, model, ledger, concurrency = 4, signal, onProgress, pinnedScore = 1 } = options;
  const finalists = options.finalists.slice(0, MOST_FINALISTS);
  const rows = unseenRows(options, finalists);
  const pinnedRows = options.pinnedRows ?? [];
  const cache = EvaluationCache.restore(options.answers ?? []);
  const agents = createDemonstrationsAgentCache();
  const total = rows.length * (finalists.length + 1) + pinnedRows.length * finalists.length;
  let done = 0;
  const tools = {
    model,
    agents,
    concurrency,
    signal,
    leaveOneOut: false,
    onRow: () => onProgress?.({ done: (done += 1), total, answers: () => cache.toJSON() }),
  };
  const evaluate = createRowEvaluator({ ...tools, evaluator, cache });
  const pinnedEvaluator = options.pinnedEvaluator ?? evaluator;
  const evaluatePinned =
    pinnedEvaluator === evaluator
      ? evaluate
      : createRowEvaluator({ ...tools, evaluator: pinnedEvaluator, cache: new EvaluationCache() });
  const seedRows = finalists.length > 0 ? await evaluate(seed, rows, ledger) : [];
  const answered: AnsweredFinalist[] = [];
  for (const candidate of finalists) {
    const evaluated = await evaluate(candidate, rows, ledger);
    const pinned = await evaluatePinned(candidate, pinnedRows, ledger);
    answered.push({
      candidate,
      rows: rows.map((row, index) => ({
        rowId: row.id,
        input: row.input,
        expected: row.expected,
        seed: seedRows[index] as EvaluatedRow,
        candidate: evaluated[index] as EvaluatedRow,
      })),
      pinned: pinned.map((row) => ({
        id: row.rowId,
        passes: row.failure === undefined && row.score >= pinnedScore,
      })),
    });
  }
  const reports = decideByHolm(options, answered);
  const best = reports.toSorted(
    (one, other) =>
      RANK[other.verdict] - RANK[one.verdict] || other.comparison.difference - one.comparison.difference,
  )[0];
  return { best, reports, setAside: options.rows.length - rows.length };
}

interface AnsweredFinalist {
  candidate: Candidate;
  rows: GateRow[];
  pinned: { id: string; passes: boolean }[];
}

function unseenRows({ rows, seed, training = [] }: RunGateOptions, finalists: readonly Candidate[]): Row[] {
  const seen = new Set(training.map((row) => inputKey(row.input)));
  for (const candidate of [seed, ...finalists]) {
    for (const demonstration of candidate.demonstrations) seen.add(inputKey(demonstration.input));
  }
  return distinctRows(rows).rows.filter((row) => !seen.has(inputKey(row.input)));
}

/** Holm: the strongest of m is tested at level / m, the next at level / (m − 1), and so on, until one is not proven. */
function decideByHolm(options: RunGateOptions, answered: readonly AnsweredFinalist[]): FinalistReport[] {
  const decide = (finalist: AnsweredFinalist, comparisons: number): FinalistReport => {
    const compared = finalist.rows.filter(
      (row) => row.seed.failure === undefined && row.candidate.failure === undefined,
    );
    const changed = compared.filter((row) => row.seed.output !== row.candidate.output).length;
    return {
      ...gate({
        ...options,
        candidate: finalist.candidate,
        pinned: finalist.pinned,
        scores: compared.map((row) => ({
          rowId: row.rowId,
          seed: row.seed.score,
          candidate: row.candidate.score,
        })),
        comparisons,
      }),
      candidate: finalist.candidate,
      hash: candidateHash(finalist.candidate),
      rows: finalist.rows,
      changedShare: compared.length > 0 ? changed / compared.length : 0,
    };
  };
  const strictest = answered.map((finalist) => decide(finalist, answered.length));
  const order = strictest
    .map((report, index) => ({ index, pValue: report.proof.pValue }))
    .sort((one, other) => one.pValue - other.pValue || one.index - other.index);
  const reports = [...strictest];
  for (const [rank, { index }] of order.entries()) {
    const finalist = answered[index];
    if (!finalist) continue;
    const report = decide(finalist, answered.length - rank);
    reports[index] = report;
    if (!report.proof.proven) break;
  }
  return reports;
}
