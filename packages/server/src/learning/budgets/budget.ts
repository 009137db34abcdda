import type { LearningBudget, ModelSpending, RunSpending, SetLearningBudget } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, toPage, unprocessable } from "../../http/index.ts";
import { readBudgetRow, readReserved, readSpending, readSpendingOfRuns, writeBudgetRow } from "./store.ts";

const PERIOD_DAYS = 30;

/** The organization's budget; without limits where nobody set any. */
export async function readBudget(ctx: TenantContext): Promise<LearningBudget> {
  const row = await readBudgetRow(ctx);
  const periodDays = row?.period_days ?? PERIOD_DAYS;
  const { since, ...spent } = await readSpending(ctx, periodDays);
  return {
    period_days: periodDays,
    max_calls: row?.max_calls ?? null,
    max_tokens: row?.max_tokens ?? null,
    max_cost: row?.max_cost ?? null,
    since: since.toISOString(),
    spent,
    reserved: await readReserved(ctx),
    updated_at: row?.updated_at.toISOString() ?? null,
  };
}

/** The runs that spent anything in the budget's period, newest first. */
export async function listSpendingOfRuns(
  ctx: TenantContext,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: RunSpending[]; next_cursor: string | null }> {
  const rows = await readSpendingOfRuns(ctx, {
    periodDays: (await readBudgetRow(ctx))?.period_days ?? PERIOD_DAYS,
    beforeId: cursor === undefined ? undefined : decodeCursor(cursor).id,
    limit: limit + 1,
  });
  return toPage(
    rows,
    limit,
    ({ id }) => ({ time: new Date(0), id }),
    ({ id, calls, tokens, cost, started_at: started, ...run }) => ({
      training_run_id: id,
      ...run,
      spent: { calls, tokens, cost },
      started_at: started?.toISOString() ?? null,
    }),
  );
}

/**
 * Sets the limits, all of them. Runs that are going on are held to the new ones at their next calls.
 * @throws ProblemError unprocessable for a limit in money where no price is configured
 */
export async function setBudget({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: SetLearningBudget;
}): Promise<LearningBudget> {
  if (input.max_cost !== null) requirePrice(ctx, "body.max_cost");
  await writeBudgetRow(ctx, input);
  await writeAudit(ctx, {
    action: "budget.changed",
    entityType: "organization",
    entityId: ctx.organizationId,
    data: { ...input },
  });
  return readBudget(ctx);
}

/** @throws ProblemError unprocessable: without prices every call costs 0, and the limit would never be reached */
export function requirePrice({ services }: Pick<TenantContext, "services">, path: string): void {
  if (services.config.modelPrice !== undefined) return;
  throw unprocessable(
    path,
    "needs to know what tokens cost: set LEARNING_MODEL_INPUT_PRICE and LEARNING_MODEL_OUTPUT_PRICE",
  );
}

/** The limits by what they count, with what a caller asks to change it. */
export const LIMITS: readonly {
  counts: keyof ModelSpending;
  limit: "max_calls" | "max_tokens" | "max_cost";
  setting: "budget_calls" | "budget_tokens" | "budget_cost";
}[] = [
  { counts: "calls", limit: "max_calls", setting: "budget_calls" },
  { counts: "tokens", limit: "max_tokens", setting: "budget_tokens" },
  { counts: "cost", limit: "max_cost", setting: "budget_cost" },
];

/**
 * Refuses a run that the organization's budget does not carry beside those that are going on. Holds the budget until the transaction
 * ends, so that of two runs that fit only alone one is refused.
 *
 * @param path where the caller wrote the run's settings
 * @throws ProblemError unprocessable naming the setting to lower
 */
export async function refuseOverBudget(
  ctx: TenantContext,
  asked: ModelSpending,
  path: string,
): Promise<void> {
  if (asked.calls === 0) return;
  const row = await readBudgetRow(ctx, { lock: true });
  if (row === undefined) return;
  const spent = await readSpending(ctx, row.period_days);
  const reserved = await readReserved(ctx);
  for (const { counts, limit, setting } of LIMITS) {
    const allowed = row[limit];
    if (allowed === null) continue;
    const left = allowed - spent[counts] - reserved[counts];
    // A run that named no limit of its own must find something.
    if (left > 0 && asked[counts] <= left) continue;
    const rest = `of the organization's ${show(allowed)} ${counts} in ${row.period_days} days, ${show(spent[counts])} are spent and ${show(reserved[counts])} held back for runs that have not ended`;
    throw unprocessable(
      `${path}.${setting}`,
      left > 0
        ? `is ${show(asked[counts])}, and ${show(left)} are left: ${rest}. Ask for less, wait, or have an administrator raise the budget`
        : `finds nothing left: ${rest}. Wait, or have an administrator raise the budget`,
    );
  }
}

function show(amount: number): string {
  return String(Math.round(Math.max(0, amount) * 100) / 100);
}
