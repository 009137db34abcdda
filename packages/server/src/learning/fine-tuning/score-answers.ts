import type { JsonValue } from "@agent-learning/contract";
import {
  type Candidate,
  createDemonstrationsAgentCache,
  createRowEvaluator,
  EvaluationCache,
  gate,
  type GateReport,
  type GateRow,
  inputKey,
  type LanguageModel,
  Ledger,
  normalised,
  type PinnedResult,
  type Row,
} from "@agent-learning/learning";
import type { PinnedCase } from "../candidate-observer.ts";
import { casesThatPass } from "../prompt/gate-finalists.ts";

/** One of the two that are compared: what it says, and which weights say it. */
export interface Side {
  candidate: Candidate;
  model: LanguageModel | undefined;
  /** The adapter's JSON: with equal texts, what makes it another candidate. */
  adapter: Record<string, JsonValue> | null;
}

export interface Comparison {
  report: GateReport;
  rows: GateRow[];
}

export interface ComparisonOptions {
  base: Side;
  made: Side;
  /** Rows that nothing was trained on. */
  rows: readonly Row[];
  training: readonly Row[];
  pinned: readonly PinnedCase[];
  budgetCalls: number;
  attempt: number;
  seed: number;
  signal: AbortSignal;
}

const AT_ONCE = 4;

/** Puts the held-out rows to both sides, each with its own weights, and decides as for every candidate. */
export async function compareSides(options: ComparisonOptions): Promise<Comparison> {
  const { base, made, training, pinned, signal } = options;
  const seen = new Set(training.map(({ input }) => inputKey(input)));
  const rows = options.rows.filter(({ input }) => !seen.has(inputKey(input)));
  const ledger = new Ledger({ calls: options.budgetCalls });
  const answered = async ({ candidate, model }: Side, questions: readonly Row[]) =>
    createRowEvaluator({
      model,
      evaluator: normalised,
      cache: new EvaluationCache(),
      agents: createDemonstrationsAgentCache(),
      leaveOneOut: false,
      concurrency: AT_ONCE,
      signal,
    })(candidate, questions, ledger);
  const before = await answered(base, rows);
  const after = await answered(made, rows);
  const compared: GateRow[] = rows.flatMap((row, index) => {
    const [seed, candidate] = [before[index], after[index]];
    if (seed === undefined || candidate === undefined) return [];
    return [{ rowId: row.id, input: row.input, expected: row.expected, seed, candidate }];
  });
  const kept = await casesThatPass(base.candidate, pinned, base.model, signal);
  const passing = new Set(
    (await casesThatPass(made.candidate, kept, made.model, signal)).map(({ id }) => id),
  );
  const results: PinnedResult[] = kept.map(({ id }) => ({ id, passes: passing.has(id) }));
  const report = gate({
    seed: withWeights(base),
    candidate: withWeights(made),
    scores: compared
      .filter(({ seed, candidate }) => seed.failure === undefined && candidate.failure === undefined)
      .map(({ rowId, seed, candidate }) => ({ rowId, seed: seed.score, candidate: candidate.score })),
    pinned: results,
    training,
    attempt: options.attempt,
    randomSeed: String(options.seed),
  });
  return { report, rows: compared };
}

function withWeights({ candidate, adapter }: Side): Candidate {
  return { ...candidate, parameters: { ...candidate.parameters, adapter } };
}
