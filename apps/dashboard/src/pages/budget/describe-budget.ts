import type { LearningBudget } from "../../api/types.ts";
import { compactCount, plural } from "../../format/numbers.ts";

type Counted = "calls" | "tokens" | "cost";

/** One of the three things that are counted: what is spent and held back, of what. */
export interface BudgetLine {
  counts: Counted;
  label: string;
  spent: number;
  reserved: number;
  /** null: no limit. */
  limit: number | null;
}

export function budgetLines(budget: LearningBudget): BudgetLine[] {
  const line = (counts: Counted, label: string, limit: number | null): BudgetLine => ({
    counts,
    label,
    spent: budget.spent[counts],
    reserved: budget.reserved[counts],
    limit,
  });
  return [
    line("calls", "Calls", budget.maxCalls),
    line("tokens", "Tokens", budget.maxTokens),
    line("cost", "Cost", budget.maxCost),
  ];
}

/** An amount of what is counted; cost is in the currency of the server's prices. */
export function amount(counts: Counted, value: number): string {
  if (counts !== "cost") return compactCount(value);
  return value > 0 && value < 0.01 ? "< 0.01" : value.toFixed(2);
}

/** Spent and held back, of the limit: 0 to 1; undefined without one. */
export function usedShare({ spent, reserved, limit }: BudgetLine): number | undefined {
  if (limit === null) return undefined;
  return limit === 0 ? 1 : Math.min(1, (spent + reserved) / limit);
}

/** How things stand in one sentence: the limit that ends first, or that there is none. */
export function describeBudget(budget: LearningBudget): string {
  const days = plural(budget.periodDays, "day");
  const limited = budgetLines(budget).filter(({ limit }) => limit !== null);
  const tightest = limited.toSorted((one, other) => (usedShare(other) ?? 0) - (usedShare(one) ?? 0))[0];
  if (tightest === undefined)
    return `Learning made ${plural(budget.spent.calls, "call")} to language models in the last ${days}; nobody has set a limit.`;
  const { counts, spent, reserved, limit } = tightest;
  const left = Math.max(0, (limit ?? 0) - spent - reserved);
  if (left === 0)
    return `Nothing is left of ${amount(counts, limit ?? 0)} ${counts} in ${days}: a run that asks a model is refused.`;
  const of = `of ${amount(counts, limit ?? 0)} ${counts} in ${days}`;
  const held = reserved > 0 ? `, with ${amount(counts, reserved)} held back for runs under way` : "";
  return `${amount(counts, left)} ${of} are left${held}.`;
}
