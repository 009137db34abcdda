import { agentPolicy, agentVersionConfig, type CreateEvaluationRun } from "@agent-learning/contract";
import { gateQuestions, type PendingAnswer } from "@agent-learning/learning";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import { readActiveCases } from "../regression/index.ts";
import { toGateCase } from "./execute-gate.ts";
import { GATE_JOB } from "./job-name.ts";
import { insertRun } from "./store.ts";
import type { RunRow } from "./stored-run.ts";

/** What a caller has to answer first: every question once. */
async function firstQuestions(
  ctx: TenantContext,
  agentId: string,
  input: CreateEvaluationRun,
  sides: readonly PendingAnswer["side"][],
): Promise<PendingAnswer[]> {
  const cases = (await readActiveCases(ctx, agentId)).map(toGateCase);
  const checks = { regression: input.checks.includes("regression"), safety: input.checks.includes("safety") };
  return gateQuestions(cases, checks).flatMap(({ id }) =>
    sides.map((side) => ({ questionId: id, side, attempt: 1 })),
  );
}

function refuseWithoutModel(ctx: TenantContext, configs: readonly { runtime: string }[]): void {
  if (ctx.services.models.configured || configs.every(({ runtime }) => runtime !== "model")) return;
  throw new ProblemError(
    "unprocessable",
    `The version, or the one in production, runs a language model. ${NO_MODEL} Or answer for it yourself: answered_by "caller".`,
    {
      errors: [
        { path: "body.answered_by", message: "must be caller: the server has no model to answer with" },
      ],
    },
  );
}

/**
 * Starts holding a version to the agent's cases and the safety checks. The server answers in a job; or the run waits for the answers
 * of the caller's own agent.
 * @throws ProblemError unprocessable when the version is not the agent's, or the server would need a model that it has not
 */
export async function createEvaluationRun({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateEvaluationRun;
}): Promise<RunRow> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const candidate = await requireVersion(ctx, agent.id, input.version_id, "body.version_id");
  const pointer = await readServingPointer(ctx, agent.id, "production");
  const baseline =
    pointer === undefined || pointer.version_id === candidate.id
      ? null
      : await requireVersion(ctx, agent.id, pointer.version_id, "body.agent_id");
  const versions = [candidate, ...(baseline === null ? [] : [baseline])];
  const byCaller = input.answered_by === "caller";
  if (!byCaller)
    refuseWithoutModel(
      ctx,
      versions.map(({ config }) => agentVersionConfig.parse(config)),
    );
  const awaitBaseline = byCaller && input.baseline_answers === "submitted" && baseline !== null;
  const pending = byCaller
    ? await firstQuestions(ctx, agent.id, input, awaitBaseline ? ["candidate", "baseline"] : ["candidate"])
    : [];
  const { regression, safety } = agentPolicy.parse(agent.policy);
  const row = await insertRun(ctx, {
    agentId: agent.id,
    candidateVersionId: candidate.id,
    baselineVersionId: baseline?.id ?? null,
    trainingRunId: candidate.training_run_id,
    status: pending.length > 0 ? "waiting" : "pending",
    answeredBy: input.answered_by,
    checks: input.checks,
    settings: { policy: { regression, safety }, awaitBaseline },
    pending,
    createdBy: actorUserId(ctx),
  });
  if (pending.length === 0) await ctx.services.jobs.enqueue(ctx, GATE_JOB, { runId: row.id });
  await writeAudit(ctx, {
    action: "evaluation-run.created",
    entityType: "evaluation_run",
    entityId: row.id,
    data: { agent_id: agent.id, candidate_version_id: candidate.id, answered_by: input.answered_by },
  });
  return row;
}
