import type { CommonIssues, Feedback, FeedbackStatistics, SubmittedFeedback } from "@agent-learning/contract";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { executionCounters } from "../executions/execution-counters.ts";
import type { StoredExecution } from "../evidence-observer.ts";
import { CounterLedger, dayOf } from "../statistics/counters.ts";
import { anExecution, aVote, createTestVersion, readAllCounters } from "../testing-evidence.testing.ts";
import { eventCounters, feedbackCounters } from "./feedback-counters.ts";
import type { FeedbackRow } from "./feedback-row.ts";
import { expireHeldFeedback } from "./holding/expire-held.ts";

type Operation =
  | { kind: "record"; execution: number; failed: boolean; staging: boolean }
  | { kind: "vote"; execution: number; rater: number; rating: number }
  | { kind: "correct"; execution: number; rater: number; issue: string }
  | { kind: "signal"; execution: number; rater: number }
  | { kind: "amend"; index: number; rating: number }
  | { kind: "withdraw"; index: number }
  | { kind: "wait"; hours: number };

const execution = fc.nat(5);
const rater = fc.nat(2);
const rating = fc.integer({ min: 1, max: 5 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant("record" as const),
    execution,
    failed: fc.boolean(),
    staging: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("vote" as const), execution, rater, rating }),
  fc.record({
    kind: fc.constant("correct" as const),
    execution,
    rater,
    issue: fc.constantFrom("incorrect", "unclear"),
  }),
  fc.record({ kind: fc.constant("signal" as const), execution, rater }),
  fc.record({ kind: fc.constant("amend" as const), index: fc.nat(), rating }),
  fc.record({ kind: fc.constant("withdraw" as const), index: fc.nat() }),
  fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 30 }) }),
);

describeEachEngine("feedback statistics", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let versionId: string;

  async function startOver(): Promise<void> {
    await setClock(suite.database, "0");
    organization = await createTestOrganization(suite.database);
    const agentId = await createTestAgent(suite.database, organization.id);
    versionId = await createTestVersion(suite.database, organization.id, agentId);
  }

  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(startOver);

  const post = <T>(path: string, body: unknown) =>
    api.call<T>(organization, "POST", path, { as: "secret", body });
  const submit = async (body: unknown): Promise<SubmittedFeedback> =>
    (await post<SubmittedFeedback>("/feedback", body)).body;
  const statistics = async (query = ""): Promise<FeedbackStatistics> =>
    (await api.call<FeedbackStatistics>(organization, "GET", `/feedback/stats/my-agent${query}`)).body;

  async function perform(step: Operation, ids: string[], clock: { hours: number }): Promise<void> {
    const id = ids.length === 0 || !("index" in step) ? undefined : ids[step.index % ids.length];
    const about = (change: object) =>
      "rater" in step ? aVote(`e${step.execution}`, { user_id: `r${step.rater}`, ...change }) : undefined;
    switch (step.kind) {
      case "record":
        await post(
          "/executions",
          anExecution(`e${step.execution}`, {
            status: step.failed ? "failed" : "succeeded",
            environment: step.staging ? "staging" : "production",
            version_id: step.execution % 2 === 0 ? versionId : null,
          }),
        );
        return;
      case "vote":
        ids.push((await submit(about({ feedback_type: "rating", rating: step.rating }))).id);
        return;
      case "correct": {
        const correction = {
          feedback_type: "correction",
          correction_text: "Better.",
          issue_categories: [step.issue],
        };
        ids.push((await submit(about(correction))).id);
        return;
      }
      case "signal":
        ids.push((await submit(about({ feedback_type: "implicit", signal: "copied" }))).id);
        return;
      case "amend": {
        if (id === undefined) return;
        const { body } = await api.call<Feedback>(organization, "GET", `/feedback/${id}`);
        await api.call(organization, "PATCH", `/feedback/${id}`, {
          body: { rating: step.rating, dimensions: { clarity: step.rating } },
          headers: { "if-match": `"${body.version}"` },
        });
        return;
      }
      case "withdraw":
        if (id !== undefined) await api.call(organization, "DELETE", `/feedback/${id}`);
        return;
      case "wait":
        clock.hours += step.hours;
        await setClock(suite.database, `${clock.hours} hours`);
        await expireHeldFeedback.sweep(api.services, organization.id);
    }
  }

  /** The counters as they follow from the rows alone. */
  async function recount(): Promise<Map<string, [number, number, number]>> {
    const rows = await withTenant(suite.database.kysely, organization.id, async (tx) => ({
      executions: await tx.selectFrom("agent_executions").selectAll().execute(),
      feedback: await tx.selectFrom("agent_feedback").selectAll().execute(),
      held: await tx.selectFrom("agent_feedback_holding").selectAll().execute(),
    }));
    const ledger = new CounterLedger();
    for (const row of rows.executions as unknown as StoredExecution[]) {
      ledger.add(row.agent_id, dayOf(row.created_at), executionCounters(row));
    }
    const executions = new Map(rows.executions.map((row) => [row.id, row]));
    for (const row of rows.feedback as unknown as FeedbackRow[]) {
      const about = executions.get(row.execution_id);
      if (about?.environment !== "production") continue;
      const live = row.status === "live";
      const counters = live ? feedbackCounters(row, about.version_id) : eventCounters("withdrawn");
      ledger.add(row.agent_id, dayOf(row.created_at), counters);
    }
    for (const row of rows.held) {
      ledger.add(row.agent_id, dayOf(row.created_at), eventCounters("held"));
      if (row.status === "withdrawn")
        ledger.add(row.agent_id, dayOf(row.created_at), eventCounters("withdrawn"));
      if (row.settled_at === null || row.status === "withdrawn") continue;
      const event = row.status === "attached" ? "held_attached" : "held_expired";
      ledger.add(row.agent_id, dayOf(row.settled_at), eventCounters(event));
    }
    return new Map(
      ledger
        .deltas()
        .map(({ agentId, day, metric, count, sum, sumSquares }) => [
          `${agentId} ${day} ${metric}`,
          [count, sum, sumSquares],
        ]),
    );
  }

  it("counters equal a recount of the rows after any operations", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        await startOver();
        const ids: string[] = [];
        const clock = { hours: 0 };
        for (const step of operations) await perform(step, ids, clock);
        const expected = await recount();
        const counted = await readAllCounters(suite.database, organization.id);
        expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 12, seed: 20_260_128 },
    );
  }, 120_000);

  it("counters equal a recount of the rows after concurrent operations", async () => {
    const steps: Operation[] = Array.from({ length: 120 }, (_, index) => {
      const at = { execution: index % 6, rater: index % 3 };
      const kinds: Operation[] = [
        { kind: "record", execution: at.execution, failed: index % 4 === 0, staging: false },
        { kind: "vote", ...at, rating: (index % 5) + 1 },
        { kind: "correct", ...at, issue: "unclear" },
        { kind: "vote", ...at, rating: ((index * 3) % 5) + 1 },
      ];
      return kinds[index % kinds.length] as Operation;
    });
    await Promise.all(steps.map((step) => perform(step, [], { hours: 0 })));
    expect(await readAllCounters(suite.database, organization.id)).toEqual(await recount());
  });

  it("summarises totals, rates, distribution, dimensions and days", async () => {
    const executions = Array.from({ length: 8 }, (_, index) => anExecution(`e${index}`));
    await post("/executions", { executions });
    const feedback = [
      aVote("e0"),
      aVote("e1", { feedback_type: "thumbs_down", issue_categories: ["unclear"] }),
      aVote("e2", { feedback_type: "rating", rating: 5, dimensions: { clarity: 4, accuracy: 2 } }),
      aVote("e3", { feedback_type: "correction", correction_text: "Better.", rating: 2 }),
      aVote("e4", { feedback_type: "implicit", signal: "copied" }),
    ];
    await post("/feedback/batch", { feedback });
    const summary = await statistics("?days=7");
    expect(summary).toMatchObject({
      days: 7,
      executions: 8,
      feedback: 4,
      by_type: {
        thumbs_up: 1,
        thumbs_down: 1,
        rating: 1,
        correction: 1,
        comment: 0,
        dimension: 0,
        implicit: 1,
      },
      signals: { copied: 1 },
      votes: 4,
      satisfaction: (1 + 0 + 1 + 0.25) / 4,
      average_rating: 3.5,
      rating_distribution: { "1": 0, "2": 1, "3": 0, "4": 0, "5": 1 },
      dimensions: { accuracy: { count: 1, average: 2 }, clarity: { count: 1, average: 4 } },
      corrections: 1,
      correction_rate: 0.25,
      feedback_rate: 0.5,
    });
    expect(summary.daily).toHaveLength(7);
    expect(summary.daily.at(-1)).toMatchObject({ day: summary.to, executions: 8, feedback: 4, votes: 4 });
    expect(summary.daily[0]).toMatchObject({ day: summary.from, feedback: 0, satisfaction: null });
  });

  it("says nothing where there is nothing", async () => {
    expect(await statistics()).toMatchObject({
      days: 30,
      feedback: 0,
      satisfaction: null,
      average_rating: null,
      correction_rate: null,
      feedback_rate: null,
    });
    expect((await api.call(organization, "GET", "/feedback/stats/nobody")).status).toBe(404);
    for (const days of ["0", "366", "x"]) {
      const answer = await api.call(organization, "GET", `/feedback/stats/my-agent?days=${days}`);
      expect(answer.status).toBe(400);
    }
  });

  it("ranks common issues with share, trend and the newest examples", async () => {
    const executions = Array.from({ length: 12 }, (_, index) => anExecution(`e${index}`));
    await post("/executions", { executions });
    const complain = (index: number, issue: string) =>
      submit(aVote(`e${index}`, { feedback_type: "thumbs_down", issue_categories: [issue] }));
    for (let index = 0; index < 4; index += 1) await complain(index, "outdated");
    await setClock(suite.database, "72 hours");
    const newest: string[] = [];
    for (let index = 4; index < 9; index += 1) newest.unshift((await complain(index, "incorrect")).id);
    await complain(9, "unclear");
    const { body } = await api.call<CommonIssues>(organization, "GET", "/feedback/issues/my-agent?days=2");
    expect(body.feedback).toBe(6);
    expect(body.issues.map(({ recent_feedback_ids: _ids, label: _label, ...issue }) => issue)).toEqual([
      { category: "incorrect", count: 5, share: 5 / 6, previous_count: 0, trend: "rising" },
      { category: "unclear", count: 1, share: 1 / 6, previous_count: 0, trend: "steady" },
      { category: "outdated", count: 0, share: 0, previous_count: 4, trend: "falling" },
    ]);
    expect(body.issues[0]).toMatchObject({
      label: "Factually incorrect",
      recent_feedback_ids: newest.slice(0, 3),
    });
  });
});
