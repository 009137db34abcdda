import type {
  ExperimentMetric,
  OutcomeReceipt,
  ReportedOutcome,
  ReportOutcomes,
} from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { ProblemError, unprocessable } from "../../http/problem-error.ts";
import { guardrailMetric, outcomeFault } from "../metrics/index.ts";
import { addContributions } from "./change-units.ts";
import { refuseImpossibleTime } from "./check-time.ts";
import { combineContributions, type CountedMetric, outcomeContribution } from "./contributions.ts";
import {
  insertOutcomes,
  type OutcomeRow,
  selectBoundedMetrics,
  selectExposedUnits,
  selectOutcomes,
  selectSubjects,
  type Subject,
} from "./store.ts";

const keyOf = (subjectId: string, id: string): string => JSON.stringify([subjectId, id]);

/** The name under which values of a metric are reported: quantiles of a built-in metric share its values. */
const reportedName = (metric: ExperimentMetric): string =>
  metric.source === "outcome" ? metric.name : metric.source;

/** The metrics that an outcome is a value of. A rollout takes any: its guardrails name what they watch. */
function metricsOf(subject: Subject, name: string): CountedMetric[] {
  const known = subject.metrics.filter((metric) => reportedName(metric) === name);
  return known.length === 0 && subject.split.kind === "rollout"
    ? [{ ...guardrailMetric(name), isTested: true }]
    : known;
}

async function refuseImpossible(
  ctx: TenantContext,
  outcomes: readonly ReportedOutcome[],
  subjects: ReadonlyMap<string, Subject>,
): Promise<void> {
  const now = await learningNow(ctx.tx);
  const units = outcomes.map((outcome) => ({ subject_id: outcome.id, unit_id: outcome.unit_id }));
  const exposed = new Map(
    (await selectExposedUnits(ctx, units)).map((row) => [keyOf(row.subject_id, row.unit_id), row.created_at]),
  );
  // All of them: whoever sends many would otherwise be told of one after the other.
  const strangers = outcomes.flatMap((outcome, index) =>
    exposed.has(keyOf(outcome.id, outcome.unit_id)) && subjects.has(outcome.id) ? [] : [index],
  );
  if (strangers.length > 0) {
    throw new ProblemError(
      "unprocessable",
      "An outcome counts for a unit that was exposed: report the exposure, or record the execution, first.",
      {
        errors: strangers.map((index) => ({
          path: `body.outcomes.${index}.unit_id`,
          message: "has no exposure there",
        })),
      },
    );
  }
  outcomes.forEach((outcome, index) => {
    const path = `body.outcomes.${index}`;
    const exposedAt = exposed.get(keyOf(outcome.id, outcome.unit_id));
    const subject = subjects.get(outcome.id);
    if (exposedAt === undefined || subject === undefined) return;
    const metrics = metricsOf(subject, outcome.metric);
    if (metrics.length === 0) {
      const names = [...new Set(subject.metrics.map(reportedName))].join(", ");
      throw unprocessable(
        `${path}.metric`,
        `is not measured by this ${outcome.kind}: it measures ${names}. Declare a metric of one's own when the experiment is created.`,
      );
    }
    if (outcome.kind === "rollout" && outcome.value < 0) {
      throw unprocessable(`${path}.value`, "must be at least 0: guardrails watch rises");
    }
    for (const metric of metrics) {
      const fault = outcomeFault(metric, outcome);
      if (fault !== undefined) throw unprocessable(`${path}.${fault.field}`, fault.message);
    }
    refuseImpossibleTime(`${path}.occurred_at`, outcome.occurred_at, {
      now,
      notBefore: exposedAt,
      whatComesFirst: "the unit's exposure",
      advice:
        "An outcome counts when it comes after it: leave it out, check the clock, or report exposures with their own occurred_at.",
    });
  });
}

/** A guardrail on a drop compares means in 0 to 1: a value beyond would weigh as much as many units. */
async function refuseUnbounded(ctx: TenantContext, outcomes: readonly ReportedOutcome[]): Promise<void> {
  const large = outcomes.filter(({ kind, value }) => kind === "rollout" && value > 1);
  if (large.length === 0) return;
  const bounded = new Set(
    (await selectBoundedMetrics(ctx, [...new Set(large.map(({ id }) => id))])).map((row) =>
      keyOf(row.rollout_id, row.metric),
    ),
  );
  const first = large.find(({ id, metric }) => bounded.has(keyOf(id, metric)));
  if (first !== undefined) {
    throw unprocessable(
      `body.outcomes.${outcomes.indexOf(first)}.value`,
      `must lie between 0 and 1: the rollout is held to ${first.metric} not dropping`,
    );
  }
}

/** A repeated outcome must say what it said before: otherwise one of the two would be lost without a word. */
function refuseContradictions(outcomes: readonly ReportedOutcome[], stored: readonly OutcomeRow[]): void {
  const known = new Map(stored.map((row) => [keyOf(row.subject_id, row.outcome_id), row]));
  outcomes.forEach((outcome, index) => {
    const row = known.get(keyOf(outcome.id, outcome.outcome_id));
    if (row === undefined) return;
    const same =
      row.unit_id === outcome.unit_id &&
      row.metric === outcome.metric &&
      row.value === outcome.value &&
      row.denominator === (outcome.denominator ?? null);
    if (!same) throw unprocessable(`body.outcomes.${index}.outcome_id`, "was used for another outcome");
  });
}

/**
 * Outcomes of callers who record no executions or feedback, and values of an experiment's own metrics: each outcome id counts once.
 * @throws ProblemError unprocessable for a unit without an exposure, a metric that is not measured, a value that it cannot have, a
 *   time that cannot be, or an outcome id that was used for another outcome
 */
export async function reportOutcomes({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ReportOutcomes;
}): Promise<OutcomeReceipt> {
  const subjects = await selectSubjects(ctx, [...new Set(input.outcomes.map((outcome) => outcome.id))]);
  await refuseImpossible(ctx, input.outcomes, subjects);
  await refuseUnbounded(ctx, input.outcomes);
  const unique = new Map(input.outcomes.map((outcome) => [keyOf(outcome.id, outcome.outcome_id), outcome]));
  const rows = [...unique.values()].map((outcome) => ({
    subject_id: outcome.id,
    outcome_id: outcome.outcome_id,
    unit_id: outcome.unit_id,
    metric: outcome.metric,
    value: outcome.value,
    denominator: outcome.denominator ?? null,
    occurred_at: outcome.occurred_at ?? null,
  }));
  const inserted = await insertOutcomes(ctx, rows);
  refuseContradictions(input.outcomes, await selectOutcomes(ctx, rows));
  const contributions = inserted.flatMap((row) => {
    const outcome = unique.get(keyOf(row.subject_id, row.outcome_id));
    const subject = subjects.get(row.subject_id);
    if (outcome === undefined || subject === undefined) return [];
    const unit = { subjectId: outcome.id, unitId: outcome.unit_id };
    return metricsOf(subject, outcome.metric).map((metric) =>
      outcomeContribution(unit, metric, outcome.value, outcome.denominator),
    );
  });
  await addContributions(ctx, combineContributions(contributions));
  return { recorded: inserted.length, known: input.outcomes.length - inserted.length };
}
