import type { OutcomeReceipt, ReportedOutcome, ReportOutcomes } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { combineContributions } from "./contributions.ts";
import {
  addContributions,
  insertOutcomes,
  type OutcomeRow,
  selectExposedUnits,
  selectOutcomes,
} from "./store.ts";

const keyOf = (subjectId: string, id: string): string => JSON.stringify([subjectId, id]);

async function refuseUnexposed(ctx: TenantContext, outcomes: readonly ReportedOutcome[]): Promise<void> {
  const units = outcomes.map((outcome) => ({ subject_id: outcome.id, unit_id: outcome.unit_id }));
  const exposed = new Set(
    (await selectExposedUnits(ctx, units)).map((row) => keyOf(row.subject_id, row.unit_id)),
  );
  const missing = outcomes.findIndex((outcome) => !exposed.has(keyOf(outcome.id, outcome.unit_id)));
  if (missing >= 0) {
    throw unprocessable(
      `body.outcomes.${missing}.unit_id`,
      "has no exposure there",
      "An outcome counts for a unit that was exposed: report the exposure, or record the execution, first.",
    );
  }
}

/** A repeated outcome must say what it said before: otherwise one of the two would be lost without a word. */
function refuseContradictions(outcomes: readonly ReportedOutcome[], stored: readonly OutcomeRow[]): void {
  const known = new Map(stored.map((row) => [keyOf(row.subject_id, row.outcome_id), row]));
  outcomes.forEach((outcome, index) => {
    const row = known.get(keyOf(outcome.id, outcome.outcome_id));
    if (row === undefined) return;
    if (row.unit_id !== outcome.unit_id || row.metric !== outcome.metric || row.value !== outcome.value) {
      throw unprocessable(`body.outcomes.${index}.outcome_id`, "was used for another outcome");
    }
  });
}

/**
 * Outcomes of callers who record no executions or feedback: each outcome id counts once.
 * @throws ProblemError unprocessable for a unit without an exposure, or an outcome id that was used for another outcome
 */
export async function reportOutcomes({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ReportOutcomes;
}): Promise<OutcomeReceipt> {
  await refuseUnexposed(ctx, input.outcomes);
  const unique = new Map(input.outcomes.map((outcome) => [keyOf(outcome.id, outcome.outcome_id), outcome]));
  const rows = [...unique.values()].map((outcome) => ({
    subject_id: outcome.id,
    outcome_id: outcome.outcome_id,
    unit_id: outcome.unit_id,
    metric: outcome.metric,
    value: outcome.value,
  }));
  const inserted = await insertOutcomes(ctx, rows);
  refuseContradictions(input.outcomes, await selectOutcomes(ctx, rows));
  const contributions = inserted.flatMap((row) => {
    const outcome = unique.get(keyOf(row.subject_id, row.outcome_id));
    return outcome === undefined
      ? []
      : [
          {
            subjectId: outcome.id,
            unitId: outcome.unit_id,
            metric: outcome.metric,
            n: 1,
            sum: outcome.value,
            sumSquares: outcome.value ** 2,
            first: outcome.value,
          },
        ];
  });
  await addContributions(ctx, combineContributions(contributions));
  return { recorded: inserted.length, known: input.outcomes.length - inserted.length };
}
