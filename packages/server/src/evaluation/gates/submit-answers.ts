import type { EvaluationAnswer } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound, unprocessable } from "../../http/index.ts";
import { GATE_JOB } from "./job-name.ts";
import { changeRun, insertSubmitted, selectRun } from "./store.ts";
import { pendingOf, type RunRow } from "./stored-run.ts";

const keyOf = (side: string, questionId: string, attempt: number): string =>
  `${side}:${questionId}#${attempt}`;

/**
 * Takes answers of the caller's agent. When none is missing any more, the run is judged; it may then ask a disputed case again.
 * @throws ProblemError conflict when the run waits for nothing, unprocessable for an answer that it does not wait for
 */
export async function submitAnswers({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string; answers: readonly EvaluationAnswer[] };
}): Promise<RunRow> {
  const row = await selectRun(ctx, input.runId, { lock: true });
  if (row === undefined) throw notFound("evaluation run", input.runId, "path.evaluationRunId");
  if (row.status !== "waiting")
    throw conflict(`This run is ${row.status}; answers are taken while it is waiting. Read it again.`);
  const pending = new Map(pendingOf(row).map((one) => [keyOf(one.side, one.questionId, one.attempt), one]));
  for (const [index, answer] of input.answers.entries()) {
    if (!pending.delete(keyOf(answer.side, answer.question_id, answer.attempt))) {
      throw unprocessable(
        `body.answers[${index}].question_id`,
        "is not a question that this run waits for, or is answered twice; read its questions",
      );
    }
  }
  await insertSubmitted(ctx, row.id, input.answers);
  const missing = [...pending.values()];
  const changed = await changeRun(ctx, row, {
    status: missing.length > 0 ? "waiting" : "running",
    pending: missing,
  });
  if (changed === undefined) throw conflict("Somebody else has just moved this run. Read it again.");
  if (missing.length === 0) await ctx.services.jobs.enqueue(ctx, GATE_JOB, { runId: row.id });
  return changed;
}
