import { describe, expect, test } from "vitest";
import { scriptedModel } from "../testing/scripted-model.ts";
import { CompletionJournal, type JournalEntry } from "./completion-journal.ts";
import { createProposer } from "./create-proposer.ts";
import { BudgetExhausted, Ledger } from "./ledger.ts";

const messages = [{ role: "user" as const, content: "Improve it." }];

describe("the proposer", () => {
  test("is counted under its role", async () => {
    const ledger = new Ledger();
    const propose = createProposer({
      model: scriptedModel(() => "better prompt"),
      journal: new CompletionJournal(),
    });
    expect(await propose(messages, ledger)).toBe("better prompt");
    expect(ledger.totals("proposer")).toMatchObject({ calls: 1, promptTokens: 2, completionTokens: 2 });
    expect(ledger.totals("task").calls).toBe(0);
  });

  test("a resumed run hears the same answers in the same order, at no call", async () => {
    const journal = new CompletionJournal();
    const first = new Ledger();
    const propose = createProposer({ model: scriptedModel((_, call) => `answer ${call}`), journal });
    const heard = [await propose(messages, first), await propose(messages, first)];

    const restored = CompletionJournal.restore(JSON.parse(JSON.stringify(journal)) as JournalEntry[]);
    const model = scriptedModel(() => "something new");
    const second = new Ledger();
    const again = createProposer({ model, journal: restored });
    expect([await again(messages, second), await again(messages, second)]).toEqual(heard);
    expect(second.toJSON()).toEqual(first.toJSON());
    expect(model.requests).toHaveLength(0);
    expect(await again(messages, second)).toBe("something new");
  });

  test("a failure counts and is not remembered", async () => {
    const ledger = new Ledger();
    const journal = new CompletionJournal();
    const model = scriptedModel(() => {
      throw new Error("gone");
    });
    await expect(createProposer({ model, journal })(messages, ledger)).rejects.toThrow("gone");
    expect(ledger.totals("proposer")).toMatchObject({ calls: 1, failedCalls: 1 });
    expect(journal.toJSON()).toEqual([]);
  });

  test("stops at the budget before it asks", async () => {
    const model = scriptedModel(() => "x");
    const propose = createProposer({ model, journal: new CompletionJournal() });
    await expect(propose(messages, new Ledger({ calls: 0 }))).rejects.toThrow(BudgetExhausted);
    expect(model.requests).toHaveLength(0);
  });
});
