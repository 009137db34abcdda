import { type AgentVersionConfig, agentVersionConfig } from "@agent-learning/contract";
import type { GateAnswerer } from "@agent-learning/learning";
import { selectVersion } from "../../administration/versions/index.ts";
import type { Context, TenantContext } from "../../context.ts";
import { readActiveCases } from "../regression/index.ts";
import { assessContributors } from "./assess-contributors.ts";
import { concludeRun } from "./conclude-run.ts";
import { executeGate, type GateTask } from "./execute-gate.ts";
import { changeRun, selectAnswers, selectLastSubmitted, selectRun, type StoredAnswer } from "./store.ts";
import { checksOf, type RunRow, settingsOf } from "./stored-run.ts";

function stored(answers: readonly StoredAnswer[], side: string): GateAnswerer {
  const known = new Map(
    answers.filter((one) => one.side === side).map((one) => [`${one.question_id}#${one.attempt}`, one]),
  );
  return async ({ id }, attempt) => {
    const answer = known.get(`${id}#${attempt}`);
    if (answer === undefined) return undefined;
    return answer.output === null ? { error: answer.error ?? "no answer" } : { output: answer.output };
  };
}

/** What the caller's agent answered for both sides; the baseline's from when it was a candidate, where it was not asked anew. */
async function submittedAnswers(ctx: TenantContext, run: RunRow): Promise<GateTask["submitted"]> {
  if (run.answered_by !== "caller") return undefined;
  const answers = await selectAnswers(ctx, run.id);
  if (settingsOf(run).awaitBaseline || run.baseline_version_id === null)
    return { candidate: stored(answers, "candidate"), baseline: stored(answers, "baseline") };
  const earlier = await selectLastSubmitted(ctx, run.baseline_version_id);
  return {
    candidate: stored(answers, "candidate"),
    baseline: earlier === undefined ? undefined : stored(await selectAnswers(ctx, earlier), "candidate"),
  };
}

async function configOf(ctx: TenantContext, id: string): Promise<AgentVersionConfig> {
  const version = await selectVersion(ctx, { id });
  if (version === undefined) throw new Error(`the version ${id} is gone`);
  return agentVersionConfig.parse(version.config);
}

/** Takes a run up and reads what it needs. Undefined: it has ended, or waits for answers. */
async function take(
  ctx: Context,
  runId: string,
): Promise<{ run: RunRow; task: Omit<GateTask, "signal"> } | undefined> {
  return ctx.transact(async (tenant) => {
    const row = await selectRun(tenant, runId, { lock: true });
    if (row === undefined || (row.status !== "pending" && row.status !== "running")) return undefined;
    const run = await changeRun(tenant, row, { status: "running", started: true });
    if (run === undefined) return undefined;
    return {
      run,
      task: {
        agentId: run.agent_id,
        checks: checksOf(run),
        settings: settingsOf(run),
        cases: await readActiveCases(tenant, run.agent_id),
        candidate: await configOf(tenant, run.candidate_version_id),
        baseline: run.baseline_version_id === null ? null : await configOf(tenant, run.baseline_version_id),
        submitted: await submittedAnswers(tenant, run),
      },
    };
  });
}

/**
 * Carries a run of the gate out: to its verdict, to the answers that it waits for next, or to the reason why there can be no verdict.
 * Idempotent: an ended run stays as it is.
 */
export async function carryOutRun({
  ctx,
  runId,
  signal,
}: {
  ctx: Context;
  runId: string;
  signal: AbortSignal;
}): Promise<void> {
  const taken = await take(ctx, runId);
  if (taken === undefined) return;
  const { run, task } = taken;
  try {
    const result = await executeGate(ctx, { ...task, signal });
    const contributors =
      result.pending === undefined ? await assessContributors(ctx, run.training_run_id) : null;
    await ctx.transact(async (tenant) => {
      const now = await selectRun(tenant, runId, { lock: true });
      // Cancelled, or taken over by another worker: nothing is written over.
      if (now?.revision !== run.revision) return;
      if (result.pending === undefined) await concludeRun(tenant, now, result.report, contributors);
      else await changeRun(tenant, now, { status: "waiting", pending: result.pending });
    });
  } catch (error) {
    // The worker is stopping: whoever takes the run up begins anew.
    if (signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    await ctx.transact((tenant) =>
      changeRun(tenant, run, { status: "failed", error: message.slice(0, 2_000), ended: true }),
    );
  }
}
