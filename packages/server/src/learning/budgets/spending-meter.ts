import type { ModelSpending } from "@agent-learning/contract";
import {
  BudgetExhausted,
  type Embedder,
  estimatePromptTokens,
  estimateTokens,
  type LanguageModel,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { LIMITS } from "./budget.ts";
import { addSpending, type BudgetRow, readBudgetRow, readRunSpending, readSpending } from "./store.ts";

/** What the organization may spend in a period is spent. */
export class OrganizationBudgetSpent extends BudgetExhausted {
  constructor(counts: keyof ModelSpending, allowed: number, periodDays: number) {
    super(counts, allowed);
    this.message = `The organization's budget of ${allowed} ${counts} in ${periodDays} days is spent`;
  }
}

/** Counts what one run's models are asked, and stops it where the organization's budget ends. */
export interface SpendingMeter {
  /** The model, counted. Rejects with `OrganizationBudgetSpent` before a call that the budget does not carry. */
  metered(model: LanguageModel): LanguageModel;
  /** The embedder likewise: a request counts as a call, its texts as the tokens that they are estimated at, without a cost. */
  meteredEmbedder(embedder: Embedder): Embedder;
  /** Set once a call was refused. */
  readonly exhausted: OrganizationBudgetSpent | undefined;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
  /** What the run has spent in all, also before it was interrupted. */
  total(): Promise<ModelSpending>;
}

/** Calls and milliseconds between two writes. */
const WRITE_CALLS = 25;
const WRITE_MILLISECONDS = 1_000;

/** Opens the meter of a run, with what is left of the organization's budget. */
export async function openSpendingMeter(ctx: Context, runId: string): Promise<SpendingMeter> {
  let budget: BudgetRow | undefined;
  let spentBefore: ModelSpending = none();
  const pending = none();
  // Calls under way, with the tokens that they may take.
  const underWay = none();
  let exhausted: OrganizationBudgetSpent | undefined;
  let written = performance.now();
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const delta = { ...pending };
    await ctx.transact(async (tenant) => {
      if (delta.calls > 0) await addSpending(tenant, runId, delta);
      budget = await readBudgetRow(tenant);
      // Without limits nothing needs to be summed.
      spentBefore = budget === undefined ? none() : await readSpending(tenant, budget.period_days);
    });
    add(pending, delta, -1);
    written = performance.now();
  };
  const flush = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  };

  const refuseUnlessCarried = (estimate: ModelSpending): void => {
    if (exhausted !== undefined) throw exhausted;
    if (budget === undefined) return;
    for (const { counts, limit } of LIMITS) {
      const allowed = budget[limit];
      if (allowed === null) continue;
      const taken = spentBefore[counts] + pending[counts] + underWay[counts];
      // What a call costs is known afterwards.
      const isOver = counts === "cost" ? taken >= allowed : taken + estimate[counts] > allowed;
      if (!isOver) continue;
      exhausted = new OrganizationBudgetSpent(counts, allowed, budget.period_days);
      throw exhausted;
    }
  };

  /** Makes a call that may take `tokens`, and counts what it took; one that failed was made all the same. */
  const count = async <T>(
    tokens: number,
    call: () => Promise<T>,
    took: (answer: T) => Omit<ModelSpending, "calls">,
  ): Promise<T> => {
    const estimate = { calls: 1, tokens, cost: 0 };
    refuseUnlessCarried(estimate);
    add(underWay, estimate, 1);
    try {
      const answer = await call();
      add(pending, { ...took(answer), calls: 0 }, 1);
      return answer;
    } finally {
      add(underWay, estimate, -1);
      pending.calls += 1;
      if (pending.calls >= WRITE_CALLS || performance.now() - written >= WRITE_MILLISECONDS)
        // What could not be written stays to be written.
        await flush().catch(() => undefined);
    }
  };

  const metered = (model: LanguageModel): LanguageModel => ({
    ...(model.prefill === undefined ? {} : { prefill: model.prefill }),
    generate: (request) =>
      count(estimatePromptTokens(request.messages) + request.maxTokens, () => model.generate(request), usage),
  });

  const meteredEmbedder = (embedder: Embedder): Embedder => ({
    name: embedder.name,
    embed: (texts, options) => {
      // Embedders do not say what they took.
      const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
      return count(
        tokens,
        () => embedder.embed(texts, options),
        () => ({ tokens, cost: 0 }),
      );
    },
  });

  await flush();
  return {
    metered,
    meteredEmbedder,
    get exhausted() {
      return exhausted;
    },
    flush,
    total: async () => {
      await flush();
      return ctx.transact((tenant) => readRunSpending(tenant, runId));
    },
  };
}

function usage({
  promptTokens,
  completionTokens,
  cost = 0,
}: {
  promptTokens: number;
  completionTokens: number;
  cost?: number;
}): Omit<ModelSpending, "calls"> {
  return { tokens: promptTokens + completionTokens, cost };
}

function none(): ModelSpending {
  return { calls: 0, tokens: 0, cost: 0 };
}

function add(to: ModelSpending, amount: ModelSpending, sign: 1 | -1): void {
  to.calls += sign * amount.calls;
  to.tokens += sign * amount.tokens;
  to.cost += sign * amount.cost;
}
