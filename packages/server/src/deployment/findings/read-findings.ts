import {
  type AnswerTokens,
  type JsonValue,
  type ModelSpending,
  preferenceSignal,
  type RowComparison,
  type RunFindings,
} from "@agent-learning/contract";
import { findVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { presentTrainingRun, requireRun } from "../../learning/index.ts";
import { diffVersions } from "../versions/index.ts";
import { nextStep } from "./next-step.ts";
import { readExperimentOf } from "./store.ts";

type Stored = Record<string, JsonValue | undefined>;

/** What a run learned, for the person who decides on it. */
export async function readFindings({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string };
}): Promise<RunFindings> {
  const run = presentTrainingRun(await requireRun(ctx, input.runId));
  const { base_version_id: baseId, candidate_version_id: candidateId, agent_id: agentId } = run;
  const metrics: Stored = run.metrics;
  const gate = (metrics["gate"] ?? {}) as Stored;
  const candidate =
    candidateId === null ? undefined : await findVersion(ctx, agentId, candidateId, "candidate_version_id");
  const base = baseId === null ? undefined : await findVersion(ctx, agentId, baseId, "base_version_id");
  const experiment = candidateId === null ? undefined : await readExperimentOf(ctx, run.id, candidateId);
  const outcome = typeof metrics["outcome"] === "string" ? metrics["outcome"] : null;
  const reviewStatus = candidate?.review_status as RunFindings["review_status"] | undefined;
  const comparison = comparisonOf(gate);
  return {
    run_id: run.id,
    agent_id: agentId,
    base_version_id: baseId,
    candidate_version_id: candidateId,
    outcome,
    reasons: textsOf(gate["reasons"] ?? metrics["reasons"]),
    next_step: nextStep({
      status: run.status,
      outcome,
      reviewStatus: reviewStatus ?? null,
      experimentStatus: experiment?.status ?? null,
    }),
    difference: candidate === undefined || base === undefined ? null : diffVersions(base, candidate),
    review_status: reviewStatus ?? null,
    comparison,
    spent: (metrics["spent"] as ModelSpending | undefined) ?? null,
    expected_effect: {
      score: comparison?.difference ?? null,
      interval: comparison?.interval ?? null,
      affected_query_share: candidate?.affected_query_share ?? null,
      answer_tokens:
        (gate["answer_tokens"] as { baseline: AnswerTokens; candidate: AnswerTokens } | undefined) ?? null,
    },
    preference: preferenceSignal.safeParse(metrics["preference"]).data ?? null,
    experiment: experiment ?? null,
  };
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Other ways of learning may compare otherwise, or not at all. */
function comparisonOf(gate: Stored): RowComparison | null {
  const number = (name: string): number => {
    const value = gate[name];
    return typeof value === "number" ? value : Number.NaN;
  };
  const { interval } = gate;
  const numbers = {
    rows: number("rows"),
    wins: number("wins"),
    losses: number("losses"),
    baseline_score: number("baseline_score"),
    candidate_score: number("candidate_score"),
    difference: number("difference"),
    p_value: number("p_value"),
    level: number("level"),
  };
  const isWhole = Object.values(numbers).every(Number.isFinite);
  if (!isWhole || !Array.isArray(interval) || interval.length !== 2) return null;
  const { rows, wins, losses } = numbers;
  return { ...numbers, ties: rows - wins - losses, interval: interval as [number, number] };
}
