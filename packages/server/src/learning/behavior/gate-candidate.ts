import { agentVersionConfig, type AgentVersionConfig } from "@agent-learning/contract";
import {
  BudgetExhausted,
  type Candidate,
  type FinalistReport,
  type GateRow,
  Ledger,
  ModelUnavailable,
  normalised,
  type Row,
  runGate,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import type { Vetting } from "../candidate-observer.ts";
import { modelOf } from "../fine-tuning/model-of.ts";
import { answerTokens, presentRows } from "../prompt/present-rows.ts";
import { readRecentInputs, replayForRun } from "../prompt/replay.ts";
import { nextGateAttempt } from "../prompt/store.ts";
import { withCandidate } from "../prompt/to-candidate.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { vetForRun } from "../training-runs/vet-for-run.ts";
import { reportProgress } from "../training-runs/report-progress.ts";
import type { BehaviorSettings } from "./behavior-settings.ts";

export interface GatedBehavior {
  verdict: FinalistReport["verdict"];
  reasons: string[];
  config: AgentVersionConfig;
  /** What the rows said, for the report; undefined: nobody here could answer them. */
  gate: Record<string, unknown> | undefined;
  affectedShare: number | null;
  vetting: Vetting | undefined;
  /** What both sides answered. */
  rows: readonly GateRow[];
}

/**
 * Holds a candidate to rows that it was not made from, then to the release gate. What the rows cannot tell, because nobody here answers
 * as the agent does or because only rules about tools changed, an experiment has to.
 */
export async function gateCandidate(
  ctx: Context,
  task: {
    handle: RunHandle;
    base: { id: string; config: AgentVersionConfig };
    seed: Candidate;
    candidate: Candidate;
    rulesChanged: boolean;
    rows: { training: readonly Row[]; gate: readonly Row[] };
    settings: BehaviorSettings;
    signal: AbortSignal;
  },
): Promise<GatedBehavior> {
  const { handle, base, seed, candidate, rows, settings, signal } = task;
  const config = agentVersionConfig.parse(withCandidate(base.config, candidate));
  const model = await modelOf(ctx, base.config);
  if ((seed.runtime === "model" && model === undefined) || rows.gate.length === 0) {
    return {
      verdict: "send_to_experiment",
      reasons: [
        "No row could be answered here that the candidate was not made from: an experiment has to decide.",
      ],
      config,
      gate: undefined,
      affectedShare: null,
      vetting: undefined,
      rows: [],
    };
  }
  const agentId = handle.row.agent_id;
  const { attempt, inputs } = await ctx.transact(async (tenant) => ({
    attempt: await nextGateAttempt(tenant, agentId),
    inputs: await readRecentInputs(tenant, agentId, model === undefined ? undefined : 80),
  }));
  const gate = reportProgress(handle, { range: [50, 70], what: "Held to rows", signal });
  let best: FinalistReport | undefined;
  try {
    ({ best } = await runGate({
      seed,
      finalists: [candidate],
      rows: rows.gate,
      training: rows.training,
      evaluator: normalised,
      model,
      ledger: new Ledger({ calls: settings.budget_calls }),
      attempt,
      randomSeed: String(settings.seed),
      signal: gate.signal,
      onProgress: ({ done, total }) => gate.report(done / total),
    }));
    await gate.end();
  } catch (error) {
    gate.signal.throwIfAborted();
    if (!BudgetExhausted.isInstance(error) && !ModelUnavailable.isInstance(error)) throw error;
    const reasons = [`The gate could not be carried out: ${error.message}`];
    return {
      verdict: "reject",
      reasons,
      config,
      gate: undefined,
      affectedShare: null,
      vetting: undefined,
      rows: [],
    };
  }
  if (best === undefined) throw new Error("the gate gave no report");
  const isUntold =
    best.verdict === "reject" &&
    task.rulesChanged &&
    best.comparison.difference === 0 &&
    best.checks.every(({ passed }) => passed);
  const verdict = isUntold ? "send_to_experiment" : best.verdict;
  const reasons = isUntold
    ? [
        "Rules about tools changed, which rows of questions and answers cannot judge: an experiment has to decide.",
      ]
    : best.reasons;
  const affectedShare = await replayForRun(handle, [70, 80], {
    base: seed,
    candidate,
    inputs,
    model,
    signal,
  });
  const vetting =
    verdict === "reject"
      ? undefined
      : await vetForRun(ctx, handle, [80, 98], { agentId, config, baseline: base, signal });
  const isRefused = vetting?.verdict === "failed";
  return {
    verdict: isRefused ? "reject" : verdict,
    reasons: vetting === undefined || vetting.verdict === "passed" ? reasons : [vetting.sentence, ...reasons],
    config,
    gate: {
      rows: best.comparison.rows,
      wins: best.comparison.wins,
      losses: best.comparison.losses,
      baseline_score: best.comparison.seedMean,
      candidate_score: best.comparison.candidateMean,
      difference: best.comparison.difference,
      interval: best.comparison.interval,
      p_value: best.proof.pValue,
      level: best.proof.level,
      attempt,
      checks: best.checks,
      answer_tokens: answerTokens(best.rows),
      rows_compared: presentRows(best.rows),
    },
    affectedShare,
    vetting,
    rows: best.rows,
  };
}
