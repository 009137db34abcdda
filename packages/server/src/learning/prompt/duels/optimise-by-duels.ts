import {
  type AnswerAs,
  type Candidate,
  candidateHash,
  type ComparePair,
  createCandidateAnswers,
  createRandom,
  duelCandidates,
  type FinalistReport,
  gate,
  Ledger,
  measurePairwiseJudge,
  type OptimizationResult,
  pairwiseJudge,
  type Row,
  runBounded,
} from "@agent-learning/learning";
import type { Context } from "../../../context.ts";
import { NO_MODEL } from "../../../models/create-language-model.ts";
import type { SpendingMeter } from "../../budgets/index.ts";
import type { RunHandle } from "../../training-runs/carry-out-run.ts";
import { concludeWithCandidate, keepSeed } from "../conclude.ts";
import { casesThatPass, meetReleaseGate } from "../gate-finalists.ts";
import type { PromptTask } from "../prepare-task.ts";
import { readRecentInputs } from "../replay.ts";
import { budgetOf } from "../search.ts";
import { nextGateAttempt } from "../store.ts";
import { makeDuellists } from "./make-candidates.ts";
import { readPreferredPairs } from "./read-pairs.ts";
import { resumableModel } from "./resumable-model.ts";

/** Pairs that the judge is measured on. */
const MEASURED_PAIRS = 40;
/** Held-out inputs below which nothing is compared: half of them choose, half of them decide. */
const LEAST_INPUTS = 8;
const MOST_DUELS = 400;
/**
 * How probably the seed may be the best of all when another is chosen; with many candidates, half of what it would be were all equal.
 * Several may be equally good: which of them is chosen does not matter, that the seed is none of them does.
 */
const SEED_IS_BEST = 0.1;
const AT_ONCE = 4;

interface Work {
  handle: RunHandle;
  meter: SpendingMeter;
  signal: AbortSignal;
}

/**
 * Optimises where there are preferences and no right answers: duels choose a candidate on one half of the held-out inputs, a last
 * comparison with the seed decides on the other half. A judge's word proves nothing, so the best verdict is an A/B test.
 */
export async function optimiseByDuels(
  ctx: Context,
  { handle, meter, signal }: Work,
  task: PromptTask,
): Promise<void> {
  const { seed, settings, rows } = task;
  if (task.model === undefined || settings.evaluator.kind !== "preferences") throw new Error(NO_MODEL);
  const model = resumableModel(handle, task.model);
  const { rubric } = settings.evaluator;
  const random = createRandom(`duels ${settings.seed}`);
  const ledger = new Ledger(budgetOf(settings));
  const judge = pairwiseJudge({ model, rubric, ledger });
  const pairs = await readPreferredPairs(ctx, task.datasetId);
  const calibration = await measurePairwiseJudge({
    judge,
    pairs: pairs.slice(-MEASURED_PAIRS),
    signal,
  });
  const keep = (reasons: readonly string[], result?: OptimizationResult): Promise<void> =>
    keepSeed(handle, reasons, meter, result);
  if (!calibration.usable) {
    return keep([
      meter.exhausted?.message ?? "What would compare the answers cannot be believed.",
      calibration.sentence,
    ]);
  }
  const unseen = withoutTraining(rows.gate, rows.training);
  if (unseen.length < LEAST_INPUTS)
    return keep([
      `${unseen.length} held-out inputs are too few to compare answers on; ${LEAST_INPUTS} are needed.`,
    ]);
  const [choosing, deciding] = [
    unseen.filter((_, index) => index % 2 === 0),
    unseen.filter((_, index) => index % 2 === 1),
  ];
  const candidates = await makeDuellists({
    seed,
    training: rows.training,
    pairs,
    model,
    ledger,
    random,
    signal,
  });
  await handle.change(
    { progressPercentage: 20 },
    { type: "progress", data: { message: `${candidates.length} candidates meet in duels` } },
  );
  const selection = await duelCandidates({
    candidates,
    inputs: choosing.map(({ input }) => input),
    answer: createCandidateAnswers({ model, ledger, signal }),
    judge,
    random,
    duels: MOST_DUELS,
    signal,
  });
  const best = candidates[selection.best] as Candidate;
  const seedIsBest = selection.probabilities[0] ?? 1;
  const notes = [
    calibration.sentence,
    `${selection.duels} duels between ${candidates.length} candidates: the version that it started from is the best of them with probability ${seedIsBest.toFixed(2)}.`,
  ];
  const isChosen = selection.best !== 0 && seedIsBest < Math.min(SEED_IS_BEST, 1 / (2 * candidates.length));
  const result = resultOf({ seed, best, isChosen, ledger, notes });
  if (meter.exhausted !== undefined)
    return keep([`${meter.exhausted.message}. The run stopped, and the agent stays as it is.`], result);
  if (!isChosen)
    return keep(["The duels prefer no candidate to the version that it started from.", ...notes], result);

  const gateLedger = new Ledger();
  const { attempt, pinned, inputs } = await ctx.transact(async (tenant) => ({
    attempt: await nextGateAttempt(tenant, handle.row.agent_id),
    pinned: await tenant.services.pinnedCases(tenant, handle.row.agent_id),
    inputs: await readRecentInputs(tenant, handle.row.agent_id),
  }));
  const compared = await compareWithSeed({
    seed,
    candidate: best,
    rows: deciding,
    answer: createCandidateAnswers({ model, ledger: gateLedger, signal }),
    judge: pairwiseJudge({ model, rubric, ledger: gateLedger }),
    signal,
  });
  const kept = await casesThatPass(seed, pinned, model, signal);
  const passed = new Set((await casesThatPass(best, kept, model, signal)).map(({ id }) => id));
  const report = gate({
    seed,
    candidate: best,
    scores: compared.map(({ rowId, seed: before, candidate: after }) => ({
      rowId,
      seed: before.score,
      candidate: after.score,
    })),
    pinned: kept.map(({ id }) => ({ id, passes: passed.has(id) })),
    training: rows.training,
    attempt,
    randomSeed: String(settings.seed),
  });
  const finalist: FinalistReport = {
    ...report,
    ...(report.verdict === "promote" ? unproven(report.reasons) : {}),
    candidate: best,
    hash: candidateHash(best),
    rows: compared,
    changedShare: compared.filter((row) => row.seed.output !== row.candidate.output).length / compared.length,
  };
  await concludeWithCandidate({
    handle,
    meter,
    best: finalist,
    ledger: gateLedger,
    ...(await meetReleaseGate(ctx, handle, task, finalist, inputs, signal)),
    result,
    datasetId: task.datasetId,
    base: task.base,
    evaluatorName: settings.evaluator.kind,
    unmeasured: [],
    judges: [],
  });
}

/** What the judge prefers, people may not. */
function unproven(reasons: readonly string[]): Pick<FinalistReport, "verdict" | "reasons"> {
  const [, ...rest] = reasons;
  return {
    verdict: "send_to_experiment",
    reasons: [
      "The judge prefers the candidate's answers; whether users do, an experiment can decide.",
      ...rest,
    ],
  };
}

function withoutTraining(gateRows: readonly Row[], training: readonly Row[]): Row[] {
  const seen = new Set(training.map(({ input }) => input.trim().toLowerCase()));
  return gateRows.filter(({ input }) => !seen.has(input.trim().toLowerCase()));
}

/** Both answers to each input, scored by which is preferred: 1 and 0, or a half each. */
async function compareWithSeed(options: {
  seed: Candidate;
  candidate: Candidate;
  rows: readonly Row[];
  answer: AnswerAs;
  judge: ComparePair;
  signal: AbortSignal;
}): Promise<FinalistReport["rows"]> {
  const { seed, candidate, rows, answer, judge, signal } = options;
  return runBounded({
    items: rows,
    concurrency: AT_ONCE,
    signal,
    run: async ({ id: rowId, input, expected }) => {
      const [before, after] = [await answer(seed, input), await answer(candidate, input)];
      const preferred = await judge({ input, first: after, second: before }, signal);
      const side = (output: string, score: number) => ({
        rowId,
        output,
        score,
        feedback: "",
        objectives: {},
        usage: { promptTokens: 0, completionTokens: 0 },
      });
      return { rowId, input, expected, seed: side(before, 1 - preferred), candidate: side(after, preferred) };
    },
  });
}

function resultOf(found: {
  seed: Candidate;
  best: Candidate;
  isChosen: boolean;
  ledger: Ledger;
  notes: string[];
}): OptimizationResult {
  const { seed, best, isChosen, ledger, notes } = found;
  return {
    best: isChosen ? best : seed,
    bestHash: candidateHash(isChosen ? best : seed),
    seedHash: candidateHash(seed),
    seedKept: !isChosen,
    finalists: isChosen ? [{ hash: candidateHash(best), candidate: best }] : [],
    trials: [],
    stoppedBecause: { duels: "finished" },
    notes,
    contradictions: [],
    ledger: ledger.toJSON(),
  };
}
