import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BudgetExhausted, CALL_ROLES, type CallRole, Ledger } from "./ledger.ts";

interface Step {
  role: CallRole;
  outcome: "settle" | "fail" | "release";
  promptTokens: number;
  completionTokens: number;
  cost: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    role: fc.constantFrom(...CALL_ROLES),
    outcome: fc.constantFrom("settle" as const, "fail" as const, "release" as const),
    promptTokens: fc.nat(500),
    completionTokens: fc.nat(100),
    cost: fc.nat(10),
  }),
  { maxLength: 30 },
);

function play(ledger: Ledger, all: readonly Step[]): Step[] {
  const made: Step[] = [];
  for (const step of all) {
    try {
      const reservation = ledger.reserve(step.role, step.promptTokens + step.completionTokens);
      if (step.outcome === "settle") reservation.settle(step);
      else if (step.outcome === "fail") reservation.fail();
      else reservation.release();
      made.push(step);
    } catch (error) {
      if (!BudgetExhausted.isInstance(error)) throw error;
    }
  }
  return made;
}

describe("Ledger", () => {
  test("totals by role are exactly what was settled", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const ledger = new Ledger();
        play(ledger, all);
        for (const role of CALL_ROLES) {
          const called = all.filter((step) => step.role === role && step.outcome !== "release");
          const settled = called.filter((step) => step.outcome === "settle");
          const sum = (pick: (step: Step) => number): number =>
            settled.reduce((total, step) => total + pick(step), 0);
          expect(ledger.totals(role)).toEqual({
            calls: called.length,
            failedCalls: called.length - settled.length,
            promptTokens: sum((step) => step.promptTokens),
            completionTokens: sum((step) => step.completionTokens),
            cost: sum((step) => step.cost),
          });
        }
      }),
    );
  });

  test("never exceeds its budget of calls, nor of tokens when estimates are right", () => {
    fc.assert(
      fc.property(steps, fc.nat(12), fc.nat(4000), (all, calls, tokens) => {
        const ledger = new Ledger({ calls, tokens });
        play(ledger, all);
        const total = ledger.total();
        expect(total.calls).toBeLessThanOrEqual(calls);
        expect(total.promptTokens + total.completionTokens).toBeLessThanOrEqual(tokens);
        expect(ledger.remainingCalls()).toBe(calls - total.calls);
      }),
    );
  });

  test("survives JSON", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const ledger = new Ledger({ calls: 100, cost: 1000 });
        play(ledger, all);
        ledger.countLocalAnswers(3);
        const restored = Ledger.restore(JSON.parse(JSON.stringify(ledger)) as ReturnType<Ledger["toJSON"]>);
        expect(restored.toJSON()).toEqual(ledger.toJSON());
        expect(restored.remainingCalls()).toBe(ledger.remainingCalls());
      }),
    );
  });

  test("a slice counts in its parent and stops at whichever budget is smaller", () => {
    fc.assert(
      fc.property(steps, fc.nat(10), fc.nat(10), (all, own, outer) => {
        const parent = new Ledger({ calls: outer });
        const slice = parent.slice({ calls: own });
        play(slice, all);
        expect(parent.total()).toEqual(slice.total());
        expect(slice.total().calls).toBeLessThanOrEqual(Math.min(own, outer));
        expect(slice.remainingCalls()).toBe(Math.min(own, outer) - slice.total().calls);
      }),
    );
  });

  test("room that is reserved counts before the answer is there", () => {
    const ledger = new Ledger({ tokens: 100 });
    const first = ledger.reserve("task", 60);
    expect(() => ledger.reserve("task", 60)).toThrow(BudgetExhausted);
    first.settle({ promptTokens: 10, completionTokens: 5 });
    ledger.reserve("judge", 60).release();
    expect(ledger.total()).toMatchObject({ calls: 1, promptTokens: 10, completionTokens: 5 });
  });

  test("stops once cost has reached its limit, and the error names the limit", () => {
    const ledger = new Ledger({ cost: 1 });
    ledger.reserve("proposer").settle({ promptTokens: 1, completionTokens: 1, cost: 1.5 });
    expect(() => ledger.reserve("task")).toThrow("The budget of 1 cost is spent");
  });

  test("a reservation ends once", () => {
    const reservation = new Ledger().reserve("task");
    reservation.settle({ promptTokens: 1, completionTokens: 1 });
    expect(() => reservation.fail()).toThrow("ends once");
  });

  test("refuses a budget that is none", () => {
    expect(() => new Ledger({ calls: -1 })).toThrow("budget.calls");
    expect(() => new Ledger({ tokens: Number.NaN })).toThrow("budget.tokens");
  });
});
