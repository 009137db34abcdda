import {
  type Candidate,
  type FinalistReport,
  type LanguageModel,
  Ledger,
  normalised,
  type OptimizationResult,
  type Row,
  runGate,
} from "@agent-learning/learning";
import type { PreferenceSignal } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import type { PinnedCase, Vetting } from "../candidate-observer.ts";
import { preferenceSignal } from "../preferences/preference-signal.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { reportProgress } from "../training-runs/report-progress.ts";
import { vetForRun } from "../training-runs/vet-for-run.ts";
import { createAnswerer } from "./answerer.ts";
import type { PromptTask } from "./prepare-task.ts";
import { readRecentInputs, replayForRun } from "./replay.ts";
import { SEARCH_SHARE } from "./search.ts";
import { nextGateAttempt } from "./store.ts";
import { withCandidate } from "./to-candidate.ts";

/** Inputs replayed where every prompt is dear: tells 50 % from 65 %. */
const FEW_INPUTS = 80;

export interface GatedCandidate {
  best: FinalistReport;
  affectedShare: number | null;
  /** What the release gate says; undefined: it was not asked. */
  vetting: Vetting | undefined;
  /** What the model of people's preferences says of the answers: decides nothing. */
  preference: PreferenceSignal;
  /** What the gate's own answers and judges took. */
  ledger: Ledger;
}

/** Holds the finalists of a search to the gate, the best of them then to the release gate. Undefined: there was none. */
export async function gateFinalists(
  ctx: Context,
  handle: RunHandle,
  task: PromptTask,
  result: OptimizationResult,
  signal: AbortSignal,
): Promise<GatedCandidate | undefined> {
  const { row } = handle;
  const { seed, model, rows, settings } = task;
  const { attempt, pinned, inputs } = await ctx.transact(async (tenant) => ({
    attempt: await nextGateAttempt(tenant, row.agent_id),
    pinned: await tenant.services.pinnedCases(tenant, row.agent_id),
    inputs: await readRecentInputs(tenant, row.agent_id, model?.prefill === "dear" ? FEW_INPUTS : undefined),
  }));
  // The search had its budget; the gate is asked few rows and must not be cut short, nor its judges.
  const ledger = new Ledger();
  const goals = await task.goalsCountedBy(ledger);
  const kept = await casesThatPass(seed, pinned, model, signal);
  const gate = reportProgress(handle, { range: [SEARCH_SHARE, 90], what: "Held to rows", signal });
  // Where every prompt is dear the gate looks at the likeliest winner only, which then need not share its level.
  const dear = model?.prefill === "dear";
  const { best } = await runGate({
    seed,
    finalists: result.finalists.slice(0, dear ? 1 : undefined).map(({ candidate }) => candidate),
    rows: rows.gate,
    pinnedRows: kept,
    training: rows.training,
    evaluator: goals.evaluator,
    // What a person pinned is right or wrong, however brief or clear it is.
    pinnedEvaluator: normalised,
    model,
    ledger,
    attempt,
    randomSeed: String(settings.seed),
    signal: gate.signal,
    onProgress: ({ done, total }) => gate.report(done / total),
  });
  await gate.end();
  if (best === undefined) return undefined;
  await handle.change(
    { progressPercentage: 90 },
    { type: "gate", data: { verdict: best.verdict, reasons: best.reasons } },
  );
  return { best, ledger, ...(await meetReleaseGate(ctx, handle, task, best, inputs, signal)) };
}

/** How much a candidate changes, what people are likely to prefer, and what the release gate says of it. */
export async function meetReleaseGate(
  ctx: Context,
  handle: RunHandle,
  { seed, base, model, settings }: Pick<PromptTask, "seed" | "base" | "model" | "settings">,
  best: FinalistReport,
  inputs: readonly string[],
  signal: AbortSignal,
): Promise<Pick<GatedCandidate, "affectedShare" | "vetting" | "preference">> {
  const agentId = handle.row.agent_id;
  const affectedShare = await replayForRun(handle, [90, 94], {
    base: seed,
    candidate: best.candidate,
    inputs,
    model,
    signal,
  });
  // A candidate that the rows refuse meets nobody: the release gate has nothing to add.
  const vetting =
    best.verdict === "reject"
      ? undefined
      : await vetForRun(ctx, handle, [94, 99], {
          agentId,
          config: withCandidate(base.config, best.candidate),
          baseline: base,
          signal,
        });
  const preference = await preferenceSignal(ctx, { agentId, rows: best.rows, seed: settings.seed });
  return { affectedShare, vetting, preference };
}

/** The cases that a candidate answers right; of the seed, the ones that another could break. */
export async function casesThatPass(
  candidate: Candidate,
  cases: readonly PinnedCase[],
  model: LanguageModel | undefined,
  signal: AbortSignal,
): Promise<Row[]> {
  const answer = createAnswerer(candidate, model, signal);
  if (answer === undefined) return [];
  const kept: Row[] = [];
  for (const one of cases) {
    signal.throwIfAborted();
    const output = await answer(one.input);
    const { score } = await normalised({ input: one.input, expected: one.expected, output });
    if (score === 1) kept.push(one);
  }
  return kept;
}
