/** Who a model call is made for. */
export const CALL_ROLES = ["task", "proposer", "judge"] as const;
export type CallRole = (typeof CALL_ROLES)[number];

export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** In the currency of the budget. */
  cost?: number;
}

export interface RoleTotals {
  calls: number;
  /** Calls that ended in an error; they are among `calls`. */
  failedCalls: number;
  promptTokens: number;
  completionTokens: number;
  cost: number;
}

/** Limits over all roles together; what is absent is not limited. */
export interface Budget {
  calls?: number;
  /** Prompt and completion tokens together. */
  tokens?: number;
  cost?: number;
}

/** JSON form of a ledger. */
export interface LedgerSnapshot {
  budget: Budget;
  totals: Record<CallRole, RoleTotals>;
  /** Answers of the built-in demonstrations agent, which cost nothing. */
  localAnswers: number;
}

/** Thrown before the call that would exceed a budget; the call is not made. */
export class BudgetExhausted extends Error {
  readonly limit: keyof Budget;

  constructor(limit: keyof Budget, allowed: number) {
    super(`The budget of ${allowed} ${limit} is spent`);
    this.name = "BudgetExhausted";
    this.limit = limit;
  }

  static isInstance(error: unknown): error is BudgetExhausted {
    return error instanceof Error && error.name === "BudgetExhausted";
  }
}

/** Room that was taken for one call. End it exactly once. */
export interface Reservation {
  settle(usage: Usage): void;
  /** The call failed; `usage` where the endpoint still reported one. */
  fail(usage?: Usage): void;
  /** The call was never made. */
  release(): void;
}

/**
 * Counts every model call and token by role and refuses the call that would exceed the budget. The limit on calls is
 * exact. Tokens of a call are known afterwards only, so its estimate is reserved before; the total can exceed the limit on tokens
 * by as much as the estimates of the calls then in flight were too low, and no further call is made. Cost is known afterwards only.
 */
export class Ledger {
  readonly budget: Budget;
  readonly #totals: Record<CallRole, RoleTotals>;
  readonly #parent: Ledger | undefined;
  #localAnswers = 0;
  #reservedTokens = 0;

  constructor(budget: Budget = {}, parent?: Ledger) {
    for (const limit of ["calls", "tokens", "cost"] as const) {
      const value = budget[limit];
      if (value !== undefined && !(value >= 0)) throw new RangeError(`budget.${limit} must be at least 0`);
    }
    this.budget = { ...budget };
    this.#parent = parent;
    this.#totals = { task: emptyTotals(), proposer: emptyTotals(), judge: emptyTotals() };
  }

  static restore(snapshot: LedgerSnapshot): Ledger {
    const ledger = new Ledger(snapshot.budget);
    for (const role of CALL_ROLES) Object.assign(ledger.#totals[role], snapshot.totals[role]);
    ledger.#localAnswers = snapshot.localAnswers;
    return ledger;
  }

  /** A ledger with a budget of its own, whose calls count here too and stop at this budget as well. */
  slice(budget: Budget): Ledger {
    return new Ledger(budget, this);
  }

  /** Takes room for one call. Throws `BudgetExhausted` when there is none. */
  reserve(role: CallRole, estimatedTokens = 0): Reservation {
    this.#check(estimatedTokens);
    this.#take(role, estimatedTokens);
    let open = true;
    const end = (outcome: "settled" | "failed" | "released", usage: Usage = NO_USAGE): void => {
      if (!open) throw new Error("A reservation ends once");
      open = false;
      this.#end(role, estimatedTokens, outcome, usage);
    };
    return {
      settle: (usage) => end("settled", usage),
      fail: (usage) => end("failed", usage),
      release: () => end("released"),
    };
  }

  /** Counts answers of the built-in agent. */
  countLocalAnswers(answers: number): void {
    this.#localAnswers += answers;
    this.#parent?.countLocalAnswers(answers);
  }

  /** Calls that may still be made; Infinity without a limit. */
  remainingCalls(): number {
    const own = (this.budget.calls ?? Infinity) - this.total().calls;
    return Math.max(0, Math.min(own, this.#parent?.remainingCalls() ?? Infinity));
  }

  totals(role: CallRole): RoleTotals {
    return { ...this.#totals[role] };
  }

  /** Sum over the roles. */
  total(): RoleTotals {
    const sum = emptyTotals();
    for (const role of CALL_ROLES) {
      for (const key of Object.keys(sum) as (keyof RoleTotals)[]) sum[key] += this.#totals[role][key];
    }
    return sum;
  }

  toJSON(): LedgerSnapshot {
    return {
      budget: { ...this.budget },
      totals: { task: this.totals("task"), proposer: this.totals("proposer"), judge: this.totals("judge") },
      localAnswers: this.#localAnswers,
    };
  }

  #check(estimatedTokens: number): void {
    if (this.#parent) this.#parent.#check(estimatedTokens);
    const { calls, tokens, cost } = this.budget;
    const spent = this.total();
    if (calls !== undefined && spent.calls + 1 > calls) throw new BudgetExhausted("calls", calls);
    if (cost !== undefined && spent.cost >= cost) throw new BudgetExhausted("cost", cost);
    const spoken = spent.promptTokens + spent.completionTokens + this.#reservedTokens;
    if (tokens !== undefined && (spoken + estimatedTokens > tokens || spoken >= tokens)) {
      throw new BudgetExhausted("tokens", tokens);
    }
  }

  #take(role: CallRole, estimatedTokens: number): void {
    if (this.#parent) this.#parent.#take(role, estimatedTokens);
    this.#totals[role].calls += 1;
    this.#reservedTokens += estimatedTokens;
  }

  #end(
    role: CallRole,
    estimatedTokens: number,
    outcome: "settled" | "failed" | "released",
    usage: Usage,
  ): void {
    if (this.#parent) this.#parent.#end(role, estimatedTokens, outcome, usage);
    const totals = this.#totals[role];
    this.#reservedTokens -= estimatedTokens;
    totals.promptTokens += usage.promptTokens;
    totals.completionTokens += usage.completionTokens;
    totals.cost += usage.cost ?? 0;
    if (outcome === "failed") totals.failedCalls += 1;
    if (outcome === "released") totals.calls -= 1;
  }
}

const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0 };

function emptyTotals(): RoleTotals {
  return { calls: 0, failedCalls: 0, promptTokens: 0, completionTokens: 0, cost: 0 };
}
