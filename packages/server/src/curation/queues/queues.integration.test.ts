import type { AnnotationQueue, BulkResult, ClaimedAnnotation, CreateQueue } from "@agent-learning/contract";
import { bulkDecision as bulkSchema, createQueue as createSchema } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import {
  claimAnnotation,
  listAnnotationQueue,
  releaseLease,
  submitAnnotation,
} from "../annotations/index.ts";
import { createExample } from "../examples/index.ts";
import { annotate, type Desk, judgement, openDesk, supply } from "../curation.testing.ts";
import { readGauges, OPEN_ANNOTATIONS } from "../statistics/index.ts";
import { bulkDecision } from "./bulk-decision.ts";
import { createQueue, updateQueue } from "./manage-queues.ts";
import { queueProgress } from "./queue-progress.ts";

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };

function queueOf(desk: Desk, input: Partial<CreateQueue> & { name: string }): Promise<AnnotationQueue> {
  const body = createSchema.parse({ gold_share: 0, ...input, agent_id: desk.agentId });
  return desk.as("reviewer").transact((ctx) => createQueue({ ctx, input: body }));
}

function claim(person: Context, queue_id?: string): Promise<ClaimedAnnotation | null> {
  return person.transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 900, queue_id } }));
}

function bulk(desk: Desk, input: object): Promise<BulkResult> {
  const { selection, ...rest } = input as { selection?: object };
  const body = bulkSchema.parse({ selection: { agent_id: desk.agentId, ...selection }, ...rest });
  return desk.as("reviewer").transact((ctx) => bulkDecision({ ctx, input: body }));
}

/** What the counter of wanted annotations says, and what there is. */
async function wanted(desk: Desk): Promise<{ counted: number; there: number }> {
  return desk.as("admin").transact(async (ctx) => {
    const gauges = await readGauges(ctx, [OPEN_ANNOTATIONS]);
    const { rows } = await sql<{ there: number }>`SELECT count(*)::int AS there FROM annotation_tasks
      WHERE organization_id = ${ctx.organizationId} AND status IN ('waiting', 'open', 'claimed') AND NOT is_gold`.execute(
      ctx.tx,
    );
    return {
      counted: [...gauges.values()].reduce((sum, count) => sum + count, 0),
      there: rows[0]?.there ?? -1,
    };
  });
}

async function assertCounted(desk: Desk): Promise<void> {
  const { counted, there } = await wanted(desk);
  expect(counted).toBe(there);
}

function problem(type: string): unknown {
  return expect.objectContaining({ name: ProblemError.name, type });
}

const APPROVED = { technical_accuracy: 0.9, professional_quality: 0.9, completeness: 0.9, clarity: 0.9 };

describeEachEngine("annotation queues", (suite) => {
  afterEach(() => setClock(suite.database, "0"));

  it("take the new examples that their filter takes, the oldest queue first; the rest stays where it was", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const tax = await queueOf(desk, { name: "tax", filter: { domains: ["tax"] } });
    const doubtful = await queueOf(desk, { name: "doubtful", filter: { max_confidence: 0.3 } });
    const both = await supply(desk, { domain: "tax", confidence_score: 0.1 });
    const unsure = await supply(desk, { confidence_score: 0.2 });
    const other = await supply(desk, { domain: "law", confidence_score: 0.9 });
    const annotator = desk.as("annotator");
    expect((await claim(annotator, tax.id))?.example.id).toBe(both.id);
    expect((await claim(annotator, doubtful.id))?.task.queue_id).toBe(doubtful.id);
    expect((await claim(annotator))?.example.id).toBe(other.id);
    for (const queue of [tax.id, doubtful.id, undefined]) expect(await claim(annotator, queue)).toBeNull();
    const listed = await desk
      .as("viewer")
      .transact((ctx) =>
        listAnnotationQueue({ ctx, input: { limit: 10, state: "all", queue_id: doubtful.id } }),
      );
    expect(listed.data.map(({ example }) => example.id)).toEqual([unsure.id]);
    await assertCounted(desk);
  });

  it("want as many annotations as their overlap, whatever the agent's is", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 2, double_annotation_share: 0 } },
    });
    const three = await queueOf(desk, { name: "three", filter: { tags: ["three"] }, overlap: 3 });
    const one = await queueOf(desk, { name: "one", filter: { tags: ["one"] }, overlap: 1 });
    const thrice = await supply(desk, { tags: ["three"] });
    const once = await supply(desk, { tags: ["one"] });
    await assertCounted(desk);
    expect((await annotate(desk.as("annotator"), once.id)).example.review_status).toBe("approved");
    const people = [desk.as("annotator"), desk.as("reviewer"), await desk.hire("annotator")];
    for (const person of people) {
      const claimed = await claim(person, three.id);
      expect(claimed?.example.id).toBe(thrice.id);
      await person.transact((ctx) => submitAnnotation({ ctx, input: judgement(thrice.id) }));
    }
    expect(await claim(await desk.hire("annotator"), three.id)).toBeNull();
    expect(await claim(desk.as("reviewer"), one.id)).toBeNull();
    await assertCounted(desk);
  });

  it("hand out by age or by doubt when so ordered, and cannot then be asked for one type", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const age = await queueOf(desk, { name: "age", ordering: "age", filter: { tags: ["age"] } });
    const doubt = await queueOf(desk, {
      name: "doubt",
      ordering: "uncertainty",
      filter: { tags: ["doubt"] },
    });
    const made: Record<string, string[]> = { age: [], doubt: [] };
    for (const confidence_score of [0.9, 0.1, 0.5])
      for (const tag of ["age", "doubt"])
        made[tag]?.push(
          (
            await supply(desk, {
              tags: [tag],
              confidence_score,
              example_type: confidence_score === 0.1 ? "negative" : "positive",
            })
          ).id,
        );
    const inOrder = async (queue: string): Promise<(string | undefined)[]> => {
      const first = await claim(desk.as("annotator"), queue);
      const second = await claim(desk.as("annotator"), queue);
      const third = await claim(desk.as("annotator"), queue);
      return [first, second, third].map((claimed) => claimed?.example.id);
    };
    expect(await inOrder(age.id)).toEqual(made["age"]);
    const [sure, unsure, half] = made["doubt"] ?? [];
    expect(await inOrder(doubt.id)).toEqual([unsure, half, sure]);
    const typed = desk
      .as("annotator")
      .transact((ctx) =>
        claimAnnotation({ ctx, input: { lease_seconds: 60, queue_id: age.id, example_type: "positive" } }),
      );
    await expect(typed).rejects.toEqual(problem("unprocessable"));
  });

  it("are changed for what comes after, by who read them last, and inactive take nothing", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const queue = await queueOf(desk, { name: "q", filter: { domains: ["tax"] } });
    await supply(desk, { domain: "tax" });
    const change = (expectedVersion: number, input: object): Promise<AnnotationQueue> =>
      desk
        .as("reviewer")
        .transact((ctx) =>
          updateQueue({ ctx, input: { queueId: queue.id, expectedVersion, change: input } }),
        );
    expect(await change(1, { is_active: false, guidelines: "Look at the law." })).toMatchObject({
      version: 2,
      guidelines: "Look at the law.",
    });
    await expect(change(1, { is_active: true })).rejects.toEqual(problem("precondition-failed"));
    const later = await supply(desk, { domain: "tax" });
    expect((await claim(desk.as("annotator")))?.example.id).toBe(later.id);
    // What is in it is worked off.
    expect(await claim(desk.as("annotator"), queue.id)).not.toBeNull();
    await expect(queueOf(desk, { name: "q" })).rejects.toEqual(problem("conflict"));
  });

  it("keep a disagreement's adjudication with them", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const queue = await queueOf(desk, { name: "q", overlap: 2 });
    const example = await supply(desk);
    await annotate(desk.as("annotator"), example.id);
    await annotate(await desk.hire("annotator"), example.id, { decision: "reject" });
    expect((await claim(desk.as("reviewer"), queue.id))?.task).toMatchObject({
      kind: "adjudication",
      queue_id: queue.id,
    });
  });

  describe("skipping", () => {
    it("is for oneself with a reason, or by a reviewer for everybody until it is put back", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const other = await desk.hire("annotator");
      const mine = await claim(desk.as("annotator"));
      const release = (
        person: Context,
        claimed: ClaimedAnnotation | null,
        skip_for: "me" | "all",
      ): Promise<unknown> =>
        person.transact((ctx) =>
          releaseLease({
            ctx,
            input: {
              taskId: claimed?.task.id ?? "",
              fencing_token: claimed?.task.fencing_token ?? 0,
              reason: "no idea",
              skip_for,
            },
          }),
        );
      await expect(release(desk.as("annotator"), mine, "all")).rejects.toEqual(problem("forbidden"));
      await release(desk.as("annotator"), mine, "me");
      expect(await claim(desk.as("annotator"))).toBeNull();
      const reviewers = await claim(desk.as("reviewer"));
      expect(reviewers?.example.id).toBe(example.id);
      expect(await release(desk.as("reviewer"), reviewers, "all")).toMatchObject({
        status: "cancelled",
        defer_reason: "no idea",
      });
      expect(await claim(other)).toBeNull();
      await assertCounted(desk);
      const preview = await bulk(desk, { action: "requeue", preview: true });
      expect(preview).toMatchObject({ matching: 1, sample_ids: [example.id] });
      await bulk(desk, { action: "requeue", as_of: preview.as_of, expected: 1 });
      expect((await claim(other))?.example.id).toBe(example.id);
      await assertCounted(desk);
    });
  });

  describe("bulk decisions", () => {
    it("count first, then decide page by page, each in the example's history", async () => {
      const desk = await openDesk(suite.database, {
        policy: { training: { annotation_overlap: 2, double_annotation_share: 0 } },
      });
      const tagged: string[] = [];
      for (let index = 0; index < 5; index += 1) tagged.push((await supply(desk, { tags: ["old"] })).id);
      const untouched = await supply(desk);
      // One is disputed: its adjudication is the decision.
      await annotate(desk.as("annotator"), tagged[0] ?? "");
      await annotate(await desk.hire("annotator"), tagged[0] ?? "", { decision: "reject" });
      const selection = { tags: ["old"] };
      const preview = await bulk(desk, { selection, action: "approve", preview: true });
      expect(preview).toMatchObject({ matching: 5, done: 0 });
      expect([...preview.sample_ids].sort()).toEqual([...tagged].sort());
      const again = {
        selection,
        action: "approve",
        ...APPROVED,
        as_of: preview.as_of,
        expected: 5,
        limit: 2,
      };
      expect([await bulk(desk, again), await bulk(desk, again), await bulk(desk, again)]).toMatchObject([
        { done: 2, remaining: 3 },
        { done: 2, remaining: 1 },
        { done: 1, remaining: 0 },
      ]);
      expect(await bulk(desk, again)).toMatchObject({ matching: 0, done: 0, remaining: 0 });
      const rows = await desk.as("admin").transact(async (ctx) => {
        const examples = await ctx.tx
          .selectFrom("learning_examples")
          .select(["id", "review_status", "quality_score"])
          .execute();
        const annotations = await ctx.tx
          .selectFrom("expert_annotations")
          .selectAll()
          .where("annotation_type", "=", "adjudication")
          .execute();
        const audits = await ctx.tx
          .selectFrom("audit_log")
          .select("action")
          .where("action", "=", "annotations.bulk-decided")
          .execute();
        return { examples, annotations, audits };
      });
      const of = (id: string): unknown => rows.examples.find((row) => row.id === id)?.review_status;
      expect(tagged.map(of)).toEqual(tagged.map(() => "approved"));
      expect(of(untouched.id)).toBe("pending");
      expect(rows.annotations.map((row) => row.expert_id)).toEqual(
        tagged.map(() => desk.organization.members.reviewer.id),
      );
      expect(
        rows.annotations.every(
          (row) => typeof (row.annotation_data as { bulk_id?: unknown }).bulk_id === "string",
        ),
      ).toBe(true);
      expect(rows.audits).toHaveLength(4);
      await assertCounted(desk);
    });

    it("leave out what is newer, refuse when more fits than was shown, and nobody decides on their own", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      await supply(desk, { domain: "a" });
      const preview = await bulk(desk, { action: "reject", preview: true });
      await setClock(suite.database, "1 minute");
      await supply(desk, { domain: "a" });
      const reject = { action: "reject", reason: "outdated", as_of: preview.as_of };
      await expect(bulk(desk, { ...reject, expected: 0 })).rejects.toEqual(problem("conflict"));
      expect(await bulk(desk, { ...reject, expected: 1 })).toMatchObject({ done: 1, remaining: 0 });
      expect(await bulk(desk, { action: "reject", preview: true })).toMatchObject({ matching: 1 });
      await desk.as("reviewer").transact((ctx) =>
        createExample({
          ctx,
          input: {
            agent_id: desk.agentId,
            example_type: "positive",
            input_text: "mine",
            expected_output: "a",
          },
        }),
      );
      expect(await bulk(desk, { action: "reject", preview: true })).toMatchObject({ matching: 1 });
      await assertCounted(desk);
    });

    it("move what is in review into a queue with its overlap, and out again", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      for (let index = 0; index < 3; index += 1) await supply(desk, { domain: "tax" });
      await supply(desk, { domain: "law" });
      const queue = await queueOf(desk, { name: "tax", overlap: 2 });
      const selection = { domains: ["tax"], queue_id: null };
      const preview = await bulk(desk, { selection, action: "move", to_queue_id: queue.id, preview: true });
      expect(preview.matching).toBe(3);
      const moved = { action: "move", to_queue_id: queue.id, as_of: preview.as_of, expected: 3 };
      expect(await bulk(desk, { ...moved, selection })).toMatchObject({ done: 3, remaining: 0 });
      await assertCounted(desk);
      expect((await wanted(desk)).there).toBe(7);
      expect(await claim(desk.as("annotator"), queue.id)).not.toBeNull();
      const back = { selection: { queue_id: queue.id }, action: "move", to_queue_id: null };
      const shown = await bulk(desk, { ...back, preview: true });
      await bulk(desk, { ...back, as_of: shown.as_of, expected: shown.matching });
      expect(await claim(desk.as("reviewer"), queue.id)).toBeNull();
      await assertCounted(desk);
    });

    it("skip everything that fits, and two at once do nothing twice", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      for (let index = 0; index < 6; index += 1) await supply(desk);
      const { as_of } = await bulk(desk, { action: "skip", preview: true });
      const skip = { action: "skip", reason: "later", as_of, expected: 6, limit: 4 };
      const answers = await Promise.all([bulk(desk, skip), bulk(desk, skip), bulk(desk, skip)]);
      expect(answers.reduce((sum, { done }) => sum + done, 0)).toBeLessThanOrEqual(6);
      await bulk(desk, skip);
      expect(await claim(desk.as("annotator"))).toBeNull();
      await assertCounted(desk);
    });
  });

  it("say what is left and how fast each person works", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const queue = await queueOf(desk, { name: "q", overlap: 2 });
    for (let index = 0; index < 4; index += 1) await supply(desk);
    const annotator = desk.as("annotator");
    for (let index = 0; index < 2; index += 1) {
      const claimed = await claim(annotator, queue.id);
      await setClock(suite.database, `${(index + 1) * 60} seconds`);
      const { task, example } = claimed ?? { task: { id: "", fencing_token: 0 }, example: { id: "" } };
      const answer = judgement(example.id, { task_id: task.id, fencing_token: task.fencing_token });
      await annotator.transact((ctx) => submitAnnotation({ ctx, input: answer }));
    }
    await claim(desk.as("reviewer"), queue.id);
    const progress = await desk
      .as("viewer")
      .transact((ctx) => queueProgress({ ctx, input: { queueId: queue.id, days: 7 } }));
    expect(progress).toMatchObject({
      open: 4,
      waiting: 2,
      claimed: 1,
      annotations: 2,
      open_is_least: false,
      days_left: 21,
    });
    const [busy, idle] = progress.people;
    expect(busy).toMatchObject({
      user_id: desk.organization.members.annotator.id,
      annotations: 2,
      approved_share: 1,
      claimed: 0,
    });
    expect(Math.round(busy?.median_seconds ?? 0)).toBe(60);
    expect(idle).toMatchObject({
      user_id: desk.organization.members.reviewer.id,
      annotations: 0,
      claimed: 1,
    });
  });
});
