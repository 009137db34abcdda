import type {
  AnnotationQueueStatistics,
  LearningExample,
  LearningExampleDetail,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { databaseError } from "../../database/index.ts";
import { ProblemError } from "../../http/index.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { annotate, type Desk, judgement, openDesk, supply } from "../curation.testing.ts";
import { getExample } from "../lineage/index.ts";
import { createQueue } from "../queues/manage-queues.ts";
import {
  annotationQueueStatistics,
  claimAnnotation,
  listAnnotationQueue,
  listAnnotations,
  submitAnnotation,
  verifyAnnotation,
} from "./index.ts";

function problem(type: string): unknown {
  return expect.objectContaining({ name: ProblemError.name, type });
}

function slots(overlap: number): object {
  return { training: { annotation_overlap: overlap, double_annotation_share: 0 } };
}

function look(person: Context, exampleId: string): Promise<LearningExampleDetail> {
  return person.transact((ctx) => getExample({ ctx, input: { exampleId } }));
}

function verify(person: Context, annotationId: string): ReturnType<typeof verifyAnnotation> {
  return person.transact((ctx) => verifyAnnotation({ ctx, input: { annotationId } }));
}

async function counters(desk: Desk, prefix: string): Promise<Record<string, number>> {
  const { rows } = await desk.as("admin").transact((ctx) =>
    sql<{ metric: string; count: number }>`
      SELECT metric, SUM(count)::int AS count FROM agent_daily_statistics
      WHERE organization_id = ${desk.organization.id} AND starts_with(metric, ${prefix}) GROUP BY metric`.execute(
      ctx.tx,
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.metric, row.count]));
}

/** Two annotators who disagree about an example. */
async function disagreement(desk: Desk): Promise<{ example: LearningExample; one: Context; two: Context }> {
  const example = await supply(desk, { example_type: "correction", expected_output: "better" });
  const [one, two] = [await desk.hire("annotator"), await desk.hire("reviewer")];
  await annotate(one, example.id, { corrected_output: "best" });
  await annotate(two, example.id, { decision: "reject", quality: 0.1 });
  return { example, one, two };
}

describeEachEngine("reviewing examples", (suite) => {
  afterEach(() => setClock(suite.database, "0"));

  it("approves with a quality score and the corrected output", async () => {
    const desk = await openDesk(suite.database, { policy: slots(1) });
    const example = await supply(desk, { example_type: "negative" });
    const done = await annotate(desk.as("annotator"), example.id, {
      corrected_output: "what it should be",
      notes: "clear case",
      improvement_suggestions: "cite the law",
      annotation_data: { severity: "high" },
    });
    expect(done).toMatchObject({
      outstanding: 0,
      annotation: {
        decision: "approve",
        corrected_output: "what it should be",
        annotation_data: { severity: "high", decision: "approve" },
        technical_accuracy: 0.9,
        improvement_suggestions: "cite the law",
        is_verified: false,
      },
      example: {
        review_status: "approved",
        quality_score: 0.9,
        expected_output: "what it should be",
        original_output: "answer",
        reviewed_by: desk.organization.members.annotator.id,
        review_notes: "clear case",
        version: 2,
      },
    });
    expect(done.example.reviewed_at).not.toBeNull();
  });

  it("rejects, without needing dimensions", async () => {
    const desk = await openDesk(suite.database, { policy: slots(1) });
    const example = await supply(desk);
    const rejection = {
      learning_example_id: example.id,
      annotation_type: "review",
      decision: "reject",
    } as const;
    const done = await desk.as("annotator").transact((ctx) => submitAnnotation({ ctx, input: rejection }));
    expect(done.example).toMatchObject({ review_status: "rejected", quality_score: null });
    await expect(annotate(desk.as("reviewer"), example.id)).rejects.toEqual(problem("conflict"));
  });

  it("shrinks the score towards the agent's mean of the last 90 days", async () => {
    const desk = await openDesk(suite.database, { policy: slots(1) });
    const annotator = desk.as("annotator");
    await annotate(annotator, (await supply(desk)).id, { quality: 0.6 });
    // (0.9 + 0.5 · 0.6) / 1.5
    expect((await annotate(annotator, (await supply(desk)).id)).example.quality_score).toBe(0.8);
    await setClock(suite.database, "91 days");
    expect((await annotate(annotator, (await supply(desk)).id)).example.quality_score).toBe(0.9);
  });

  it("settles when all slots are in, and hides what was said until then", async () => {
    const desk = await openDesk(suite.database, { policy: slots(2) });
    const example = await supply(desk);
    const [one, two, three] = [desk.as("annotator"), desk.as("reviewer"), desk.as("admin")];
    const first = await annotate(one, example.id, { quality: 1 });
    expect(first).toMatchObject({
      outstanding: 1,
      example: { review_status: "in_review", quality_score: null },
    });
    for (const person of [two, three, desk.as("viewer"), desk.as("secret")]) {
      expect((await look(person, example.id)).lineage).toMatchObject({
        annotations: [],
        annotations_hidden: true,
      });
      const listed = await person.transact((ctx) => listAnnotations({ ctx, input: { limit: 10 } }));
      expect(listed.data).toEqual([]);
    }
    expect((await look(one, example.id)).lineage.annotations.length).toBe(1);
    await expect(annotate(one, example.id)).rejects.toEqual(problem("conflict"));
    const second = await annotate(two, example.id, { quality: 0.5 });
    expect(second).toMatchObject({ outstanding: 0, example: { review_status: "approved" } });
    // (1 + 0.5 + 0.5 · 1) / 2.5: the agent's mean is that of what came before.
    expect(second.example.quality_score).toBe(0.8);
    expect((await look(three, example.id)).lineage).toMatchObject({ annotations_hidden: false });
    expect((await look(three, example.id)).lineage.annotations.length).toBe(2);
    await expect(annotate(three, example.id)).rejects.toEqual(problem("conflict"));
  });

  it("settles once when the last two annotations come at the same moment", async () => {
    const desk = await openDesk(suite.database, { policy: slots(2) });
    for (let round = 0; round < 10; round += 1) {
      const example = await supply(desk);
      const done = await Promise.all([
        annotate(desk.as("annotator"), example.id),
        annotate(desk.as("reviewer"), example.id),
      ]);
      expect(new Set(done.map(({ outstanding }) => outstanding))).toEqual(new Set([0, 1]));
      expect((await look(desk.as("viewer"), example.id)).review_status).toBe("approved");
    }
  });

  it("stores one annotation when a person submits twice at once", async () => {
    const desk = await openDesk(suite.database, { policy: slots(3) });
    const example = await supply(desk);
    const annotator = desk.as("annotator");
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => annotate(annotator, example.id)));
    expect(results.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect((await look(annotator, example.id)).lineage.annotations.length).toBe(1);
  });

  it("answers a claim with its token, once", async () => {
    const desk = await openDesk(suite.database, { policy: slots(1) });
    const example = await supply(desk);
    const other = await supply(desk);
    const annotator = desk.as("annotator");
    const claimed = await annotator.transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
    const token = { task_id: claimed?.task.id ?? "", fencing_token: claimed?.task.fencing_token ?? 0 };
    const submit = (exampleId: string, input: object): Promise<unknown> =>
      annotator.transact((ctx) => submitAnnotation({ ctx, input: { ...judgement(exampleId), ...input } }));
    await expect(submit(other.id, token)).rejects.toEqual(problem("unprocessable"));
    await expect(submit(example.id, { ...token, annotation_type: "adjudication" })).rejects.toEqual(
      problem("forbidden"),
    );
    await expect(submit(example.id, { ...token, fencing_token: token.fencing_token + 1 })).rejects.toEqual(
      problem("conflict"),
    );
    await submit(example.id, token);
    await expect(submit(example.id, token)).rejects.toEqual(problem("conflict"));
  });

  it("names an example that is not there", async () => {
    const desk = await openDesk(suite.database);
    const elsewhere = await supply(await openDesk(suite.database));
    await expect(annotate(desk.as("annotator"), elsewhere.id)).rejects.toMatchObject({
      type: "unprocessable",
      errors: [{ path: "body.learning_example_id" }],
    });
  });

  it("is for people", async () => {
    const desk = await openDesk(suite.database);
    const example = await supply(desk);
    await expect(annotate(desk.as("secret"), example.id)).rejects.toEqual(problem("forbidden"));
  });

  describe("adjudication", () => {
    it("opens when annotators disagree, for a reviewer who is none of them", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const { example, two } = await disagreement(desk);
      const claim = (person: Context): ReturnType<typeof claimAnnotation> =>
        person.transact((ctx) =>
          claimAnnotation({ ctx, input: { lease_seconds: 60, kind: "adjudication" } }),
        );
      expect((await look(desk.as("viewer"), example.id)).review_status).toBe("in_review");
      expect(await claim(desk.as("annotator"))).toBeNull();
      expect(await claim(two)).toBeNull();
      const claimed = await claim(desk.as("reviewer"));
      expect(claimed).toMatchObject({ task: { slot: 0, kind: "adjudication" }, example: { id: example.id } });
      expect(claimed?.annotations.map(({ decision }) => decision)).toEqual(["approve", "reject"]);
    });

    it("decides, and counts only the opinions that it upholds", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const { example } = await disagreement(desk);
      const reviewer = desk.as("reviewer");
      const adjudicate = {
        annotation_type: "adjudication",
        corrected_output: "final",
        quality: 0.7,
      } as const;
      await expect(annotate(desk.as("annotator"), example.id, adjudicate)).rejects.toEqual(
        problem("forbidden"),
      );
      await expect(annotate(reviewer, example.id)).rejects.toEqual(problem("conflict"));
      const done = await annotate(reviewer, example.id, adjudicate);
      expect(done.example).toMatchObject({ review_status: "approved", expected_output: "final" });
      // (0.9 + 0.7 + 0.5 · 0.9) / 2.5: the rejection counts neither here nor in the mean of approvals so far.
      expect(done.example.quality_score).toBe(0.82);
    });

    it("is refused to those who annotated, and where there is nothing to adjudicate", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const { example, two } = await disagreement(desk);
      const adjudicate = { annotation_type: "adjudication" } as const;
      await expect(annotate(two, example.id, adjudicate)).rejects.toEqual(problem("conflict"));
      const undisputed = await supply(desk);
      await expect(annotate(desk.as("reviewer"), undisputed.id, adjudicate)).rejects.toEqual(
        problem("conflict"),
      );
    });

    it("settles different corrections as well", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const example = await supply(desk, { example_type: "negative" });
      await annotate(desk.as("annotator"), example.id, { corrected_output: "a" });
      const second = await annotate(desk.as("reviewer"), example.id, { corrected_output: "b" });
      expect(second).toMatchObject({ outstanding: 1, example: { review_status: "in_review" } });
      const done = await annotate(desk.as("admin"), example.id, {
        annotation_type: "adjudication",
        corrected_output: "b",
      });
      expect(done.example).toMatchObject({ review_status: "approved", expected_output: "b" });
    });
  });

  describe("verification", () => {
    it("is by somebody other than the annotator and the contributor", async () => {
      const desk = await openDesk(suite.database, { policy: slots(1) });
      const example = await supply(desk);
      const { annotation } = await annotate(desk.as("reviewer"), example.id);
      await expect(verify(desk.as("reviewer"), annotation.id)).rejects.toEqual(problem("forbidden"));
      await desk
        .as("admin")
        .transact((ctx) =>
          ctx.tx
            .updateTable("learning_examples")
            .set({ source_user_id: desk.organization.members.admin.id })
            .where("id", "=", example.id)
            .execute(),
        );
      await expect(verify(desk.as("admin"), annotation.id)).rejects.toEqual(problem("forbidden"));
      const other = await desk.hire("reviewer");
      const verified = await verify(other, annotation.id);
      expect(verified).toMatchObject({ is_verified: true, verified_by: other.userId });
      expect(await verify(other, annotation.id)).toEqual(verified);
      await expect(verify(await desk.hire("reviewer"), annotation.id)).rejects.toEqual(problem("conflict"));
      await expect(verify(other, example.id)).rejects.toEqual(problem("not-found"));
    });

    it("takes what is left to do from the list of annotations", async () => {
      const desk = await openDesk(suite.database, { policy: slots(1) });
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1)
        ids.push((await annotate(desk.as("annotator"), (await supply(desk)).id)).annotation.id);
      await verify(desk.as("reviewer"), ids[2] ?? "");
      const list = (input: object): ReturnType<typeof listAnnotations> =>
        desk.as("viewer").transact((ctx) => listAnnotations({ ctx, input: { limit: 3, ...input } }));
      const first = await list({ is_verified: false, agent_id: "my-agent" });
      const second = await list({ is_verified: false, agent_id: "my-agent", cursor: first.next_cursor });
      const seen = [...first.data, ...second.data].map(({ id }) => id);
      expect(seen).toEqual([ids[4], ids[3], ids[1], ids[0]]);
      expect(second.next_cursor).toBeNull();
      expect((await list({ is_verified: true })).data.map(({ id }) => id)).toEqual([ids[2]]);
      expect((await list({ expert_id: desk.organization.members.reviewer.id })).data).toEqual([]);
    });

    it("takes what was done in a queue and lately from the list of annotations", async () => {
      const desk = await openDesk(suite.database, { policy: slots(1) });
      const queue = await desk.as("admin").transact((ctx) =>
        createQueue({
          ctx,
          input: {
            agent_id: "my-agent",
            name: "Failures",
            filter: { example_types: ["failure"] },
            overlap: 1,
            ordering: "type",
            gold_share: 0,
          },
        }),
      );
      const ids: string[] = [];
      for (const example_type of ["failure", "negative"] as const)
        ids.push(
          (await annotate(desk.as("annotator"), (await supply(desk, { example_type })).id)).annotation.id,
        );
      const list = async (input: object): Promise<string[]> => {
        const { data } = await desk
          .as("viewer")
          .transact((ctx) => listAnnotations({ ctx, input: { limit: 10, ...input } }));
        return data.map(({ id }) => id);
      };
      expect(await list({ queue_id: queue.id })).toEqual([ids[0]]);
      expect(await list({ queue_id: queue.id, days: 1 })).toEqual([ids[0]]);
      expect(await list({ days: 1 })).toEqual([ids[1], ids[0]]);
      await setClock(suite.database, "3 days");
      expect(await list({ queue_id: queue.id, days: 3 })).toEqual([]);
      expect(await list({ queue_id: queue.id, days: 4 })).toEqual([ids[0]]);
    });
  });

  it("keeps annotations as they are: the database takes no change but their verification", async () => {
    const desk = await openDesk(suite.database, { policy: slots(1) });
    const { annotation } = await annotate(desk.as("annotator"), (await supply(desk)).id);
    const refused = (statement: ReturnType<typeof sql>): Promise<string | undefined> =>
      desk
        .as("admin")
        .transact((ctx) => statement.execute(ctx.tx))
        .then(
          () => undefined,
          (error: unknown) => databaseError(error)?.code,
        );
    expect(
      await refused(sql`UPDATE expert_annotations SET decision = 'reject' WHERE id = ${annotation.id}`),
    ).toBe("42501");
    expect(await refused(sql`DELETE FROM expert_annotations WHERE id = ${annotation.id}`)).toBe("42501");
  });

  describe("queue", () => {
    it("lists what is wanted in the order of the claims, page by page", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const types = ["positive", "negative", "failure", "negative", "edge_case"] as const;
      const examples: LearningExample[] = [];
      for (const example_type of types) examples.push(await supply(desk, { example_type }));
      await annotate(desk.as("annotator"), examples[0]?.id ?? "");
      const list = (input: object): ReturnType<typeof listAnnotationQueue> =>
        desk
          .as("viewer")
          .transact((ctx) => listAnnotationQueue({ ctx, input: { limit: 2, state: "claimable", ...input } }));
      const seen: string[] = [];
      for (let cursor: string | null | undefined = undefined; cursor !== null;) {
        const page: Awaited<ReturnType<typeof list>> = await list(cursor === undefined ? {} : { cursor });
        seen.push(...page.data.map((item) => item.example.id));
        cursor = page.next_cursor;
      }
      const ids = examples.map(({ id }) => id);
      expect(seen).toEqual([ids[0], ids[1], ids[3], ids[4], ids[2]]);
      const negatives = await list({ example_type: "negative", agent_id: desk.agentId });
      expect(negatives.data.map((item) => item.example.id)).toEqual([ids[1], ids[3]]);
      expect((await list({ kind: "adjudication" })).data).toEqual([]);
      await expect(list({ cursor: "forged" })).rejects.toEqual(problem("malformed-request"));
    });

    it("shows who holds what", async () => {
      const desk = await openDesk(suite.database, { policy: slots(1) });
      await supply(desk);
      const list = async (state: "claimable" | "claimed" | "all"): Promise<(string | null)[]> => {
        const { data } = await desk
          .as("viewer")
          .transact((ctx) => listAnnotationQueue({ ctx, input: { limit: 10, state } }));
        return data.map((item) => item.claimed_by);
      };
      expect(await list("claimable")).toEqual([null]);
      await desk.as("annotator").transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
      const holder = desk.organization.members.annotator.id;
      expect([await list("claimable"), await list("claimed"), await list("all")]).toEqual([
        [],
        [holder],
        [holder],
      ]);
      await setClock(suite.database, "2 minutes");
      expect([await list("claimable"), await list("claimed")]).toEqual([[holder], []]);
    });

    it("counts what is pending, held and done, by person and day", async () => {
      const desk = await openDesk(suite.database, { policy: slots(2) });
      const statistics = (agentId?: string): Promise<AnnotationQueueStatistics> =>
        desk.as("viewer").transact((ctx) => annotationQueueStatistics({ ctx, input: { agentId } }));
      expect(await statistics()).toEqual({
        agent_id: null,
        pending: 0,
        claimed: 0,
        completed_today: 0,
        people: [],
      });
      const examples = [await supply(desk), await supply(desk), await supply(desk)];
      await annotate(desk.as("annotator"), examples[0]?.id ?? "");
      await annotate(desk.as("annotator"), examples[1]?.id ?? "", { decision: "reject" });
      await annotate(desk.as("reviewer"), examples[1]?.id ?? "");
      await desk.as("reviewer").transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
      const { annotator, reviewer } = desk.organization.members;
      const now = await statistics("my-agent");
      // Six slots and an adjudication, less three.
      expect(now).toEqual({
        agent_id: desk.agentId,
        pending: 4,
        claimed: 1,
        completed_today: 3,
        people: [
          { user_id: annotator.id, display_name: "annotator", claimed: 0, completed_today: 2 },
          { user_id: reviewer.id, display_name: "reviewer", claimed: 1, completed_today: 1 },
        ],
      });
      expect(await statistics()).toEqual({ ...now, agent_id: null });
      await setClock(suite.database, "1 day");
      expect(await statistics()).toMatchObject({ pending: 4, claimed: 0, completed_today: 0, people: [] });
    });

    it("keeps the day's counters of examples, annotations and quality", async () => {
      const desk = await openDesk(suite.database, { policy: slots(1) });
      for (const quality of [0.95, 0.95, 1, 0.2])
        await annotate(desk.as("annotator"), (await supply(desk)).id, { quality });
      const rejected = await supply(desk, { example_type: "failure" });
      await annotate(desk.as("annotator"), rejected.id, { decision: "reject", quality: 0 });
      expect(await counters(desk, "examples")).toEqual({
        examples: 5,
        "examples:positive": 4,
        "examples:failure": 1,
      });
      expect(await counters(desk, "annotation")).toEqual({
        annotations: 5,
        "annotation_quality:approve": 4,
        "annotation_quality:reject": 1,
      });
      // 0.95, 0.95, (1 + 0.475) / 1.5 = 0.98, (0.2 + 0.483) / 1.5 = 0.46, and the first rejection's 0.
      expect(await counters(desk, "quality:")).toEqual({ "quality:9": 3, "quality:4": 1, "quality:0": 1 });
      expect(await counters(desk, "open_annotations")).toEqual({ open_annotations: 0 });
      expect(await counters(desk, "total_examples")).toEqual({ total_examples: 5 });
    });
  });
});
