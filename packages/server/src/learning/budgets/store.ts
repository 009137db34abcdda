import type {
  ModelSpending,
  SetLearningBudget,
  TrainingStatus,
  TrainingType,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { actorUserId, type TenantContext } from "../../context.ts";

/** The organization's limits; null where nobody set any. */
export interface BudgetRow extends SetLearningBudget {
  updated_at: Date;
}

/** `lock`: others who ask so wait until this transaction ends. */
export async function readBudgetRow(
  ctx: TenantContext,
  { lock = false }: { lock?: boolean } = {},
): Promise<BudgetRow | undefined> {
  const query = ctx.tx
    .selectFrom("learning_budgets")
    .select(["period_days", "max_calls", "max_tokens", "max_cost", "updated_at"])
    .where("organization_id", "=", ctx.organizationId);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

export async function writeBudgetRow(ctx: TenantContext, budget: SetLearningBudget): Promise<void> {
  const values = { ...budget, updated_by: actorUserId(ctx), updated_at: sql<Date>`learning_now()` };
  await ctx.tx
    .insertInto("learning_budgets")
    .values({ organization_id: ctx.organizationId, ...values })
    .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(values))
    .execute();
}

/** What all runs spent in the last days, and since when that is. */
export async function readSpending(
  ctx: TenantContext,
  periodDays: number,
): Promise<ModelSpending & { since: Date }> {
  const { rows } = await sql<ModelSpending & { since: Date }>`
    SELECT COALESCE(SUM(calls), 0)::float8 AS calls, COALESCE(SUM(tokens), 0)::float8 AS tokens, COALESCE(SUM(cost), 0)::float8 AS cost,
      learning_now() - make_interval(days => ${periodDays}) AS since
    FROM model_spending
    WHERE organization_id = ${ctx.organizationId}
      AND hour > learning_now() - make_interval(days => ${periodDays})`.execute(ctx.tx);
  return rows[0] as ModelSpending & { since: Date };
}

/** What runs that have not ended may still spend of what they were admitted with. */
export async function readReserved(ctx: TenantContext): Promise<ModelSpending> {
  const { rows } = await sql<ModelSpending>`
    SELECT COALESCE(SUM(GREATEST(r.reserved_calls - COALESCE(s.calls, 0), 0)), 0)::float8 AS calls,
      COALESCE(SUM(GREATEST(r.reserved_tokens - COALESCE(s.tokens, 0), 0)), 0)::float8 AS tokens,
      COALESCE(SUM(GREATEST(r.reserved_cost - COALESCE(s.cost, 0), 0)), 0)::float8 AS cost
    FROM training_runs r
    LEFT JOIN LATERAL (SELECT SUM(m.calls) AS calls, SUM(m.tokens) AS tokens, SUM(m.cost) AS cost FROM model_spending m
      WHERE m.organization_id = r.organization_id AND m.training_run_id = r.id) s ON true
    WHERE r.organization_id = ${ctx.organizationId} AND r.status IN ('pending', 'running', 'paused')`.execute(
    ctx.tx,
  );
  return rows[0] as ModelSpending;
}

export interface RunSpendingRow extends ModelSpending {
  id: string;
  name: string;
  agent_id: string;
  training_type: TrainingType;
  status: TrainingStatus;
  started_at: Date | null;
}

/** Runs that spent anything in the last days, newest first, with what it was. */
export async function readSpendingOfRuns(
  ctx: TenantContext,
  { periodDays, beforeId, limit }: { periodDays: number; beforeId: string | undefined; limit: number },
): Promise<RunSpendingRow[]> {
  const before = beforeId === undefined ? sql`` : sql`AND training_run_id < ${beforeId}`;
  const { rows } = await sql<RunSpendingRow>`
    SELECT r.id, r.name, r.agent_id, r.training_type, r.status, r.started_at, s.calls, s.tokens, s.cost
    FROM (SELECT training_run_id, SUM(calls)::float8 AS calls, SUM(tokens)::float8 AS tokens, SUM(cost)::float8 AS cost
      FROM model_spending
      WHERE organization_id = ${ctx.organizationId}
        AND hour > learning_now() - make_interval(days => ${periodDays}) ${before}
      GROUP BY training_run_id ORDER BY training_run_id DESC LIMIT ${limit}) s
    JOIN training_runs r ON r.organization_id = ${ctx.organizationId} AND r.id = s.training_run_id
    ORDER BY r.id DESC`.execute(ctx.tx);
  return rows;
}

export async function addSpending(ctx: TenantContext, runId: string, spent: ModelSpending): Promise<void> {
  await sql`
    INSERT INTO model_spending AS s (organization_id, training_run_id, hour, calls, tokens, cost)
    VALUES (${ctx.organizationId}, ${runId}, date_trunc('hour', learning_now()), ${spent.calls}, ${spent.tokens}, ${spent.cost})
    ON CONFLICT (organization_id, training_run_id, hour) DO UPDATE
    SET calls = s.calls + excluded.calls, tokens = s.tokens + excluded.tokens, cost = s.cost + excluded.cost`.execute(
    ctx.tx,
  );
}

/** What one run has spent in all. */
export async function readRunSpending(ctx: TenantContext, runId: string): Promise<ModelSpending> {
  const { rows } = await sql<ModelSpending>`
    SELECT COALESCE(SUM(calls), 0)::float8 AS calls, COALESCE(SUM(tokens), 0)::float8 AS tokens, COALESCE(SUM(cost), 0)::float8 AS cost
    FROM model_spending WHERE organization_id = ${ctx.organizationId} AND training_run_id = ${runId}`.execute(
    ctx.tx,
  );
  return rows[0] as ModelSpending;
}
