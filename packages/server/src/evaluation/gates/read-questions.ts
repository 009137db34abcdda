import { type EvaluationQuestions, type JsonValue, MOST_ANSWERS } from "@agent-learning/contract";
import { gateQuestions } from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { readActiveCases } from "../regression/index.ts";
import { toGateCase } from "./execute-gate.ts";
import { selectRun } from "./store.ts";
import { pendingOf } from "./stored-run.ts";

/** What a run waits for, as many as may be answered at once. */
export async function readQuestions(ctx: TenantContext, runId: string): Promise<EvaluationQuestions> {
  const row = await selectRun(ctx, runId);
  if (row === undefined) throw notFound("evaluation run", runId, "path.evaluationRunId");
  const pending = row.status === "waiting" ? pendingOf(row) : [];
  const cases = pending.length === 0 ? [] : await readActiveCases(ctx, row.agent_id);
  const contexts = new Map(cases.map((one) => [`case/${one.id}`, one.input_context]));
  const questions = new Map(
    gateQuestions(cases.map(toGateCase), { regression: true, safety: true }).map((one) => [one.id, one]),
  );
  const shown = pending.slice(0, MOST_ANSWERS);
  return {
    data: shown.map(({ questionId, side, attempt }) => ({
      question_id: questionId,
      side,
      attempt,
      kind: questions.get(questionId)?.kind ?? "case",
      // A case that was retired meanwhile is asked with nothing, and counts for nothing.
      input_text: questions.get(questionId)?.input ?? "",
      input_context: (contexts.get(questionId) ?? {}) as Record<string, JsonValue>,
    })),
    further: pending.length - shown.length,
  };
}
