import type { AnnotationAgreement, AnnotatorTrustReport, ClaimedAnnotation } from "@agent-learning/contract";
import { createQueue as createSchema } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestApi } from "../../testing/test-api.ts";
import { claimAnnotation, listGold, retireGold, setGold, submitAnnotation } from "../annotations/index.ts";
import { annotate, type Desk, judgement, openDesk, supply } from "../curation.testing.ts";
import { listExamples } from "../examples/index.ts";
import { createQueue } from "../queues/manage-queues.ts";
import { annotationAgreement } from "./annotation-agreement.ts";
import { annotatorTrust } from "./annotator-trust.ts";

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };

async function queueOf(desk: Desk, gold_share: number): Promise<string> {
  const body = createSchema.parse({ agent_id: desk.agentId, name: `gold ${gold_share}`, gold_share });
  return (await desk.as("reviewer").transact((ctx) => createQueue({ ctx, input: body }))).id;
}

function claim(person: Context, queue_id: string): Promise<ClaimedAnnotation | null> {
  return person.transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 900, queue_id } }));
}

function gild(desk: Desk, exampleId: string, decision: "approve" | "reject"): Promise<unknown> {
  return desk
    .as("reviewer")
    .transact((ctx) => setGold({ ctx, input: { learning_example_id: exampleId, decision } }));
}

/** Claims once and answers it. */
async function answer(person: Context, queueId: string, decision: "approve" | "reject"): Promise<string> {
  const claimed = await claim(person, queueId);
  if (claimed === null) throw new Error("there was nothing to claim");
  const { task, example } = claimed;
  const input = judgement(example.id, { decision, task_id: task.id, fencing_token: task.fencing_token });
  await person.transact((ctx) => submitAnnotation({ ctx, input }));
  return example.id;
}

function trust(desk: Desk): Promise<AnnotatorTrustReport> {
  return desk.as("reviewer").transact((ctx) => annotatorTrust({ ctx, input: { agent_id: desk.agentId } }));
}

function problem(type: string): unknown {
  return expect.objectContaining({ name: ProblemError.name, type });
}

describeEachEngine("gold", (suite) => {
  it("is handed out once to each person, looks like any other, and settles nothing", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const queue = await queueOf(desk, 1);
    const gold = [await supply(desk), await supply(desk)];
    for (const { id } of gold) await gild(desk, id, "approve");
    const ordinary = await supply(desk);
    const annotator = desk.as("annotator");
    const first = await claim(annotator, queue);
    expect(first?.task).toMatchObject({ kind: "annotation", slot: 1, queue_id: queue, priority: 10 });
    expect(first?.example).toMatchObject({ review_status: "pending", quality_score: null });
    expect(JSON.stringify(first)).not.toContain("gold");
    const asked = new Set([first?.example.id]);
    asked.add((await claim(annotator, queue))?.example.id);
    expect(asked).toEqual(new Set(gold.map(({ id }) => id)));
    expect((await claim(annotator, queue))?.example.id).toBe(ordinary.id);
    expect(await claim(annotator, queue)).toBeNull();
    // Somebody else is asked the same; who said the answer is not.
    const other = await desk.hire("annotator");
    expect(gold.map(({ id }) => id)).toContain(await answer(other, queue, "approve"));
    expect(await claim(desk.as("reviewer"), queue)).toBeNull();
    const { data } = await desk.as("viewer").transact((ctx) => listExamples({ ctx, input: { limit: 10 } }));
    expect(data.map(({ review_status }) => review_status)).toEqual(["pending", "pending", "pending"]);
  });

  it("keeps out of the ordinary queue, and comes back to it when it is retired", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const queue = await queueOf(desk, 0);
    const example = await supply(desk);
    await gild(desk, example.id, "reject");
    expect(await claim(desk.as("annotator"), queue)).toBeNull();
    const listed = await desk
      .as("reviewer")
      .transact((ctx) => listGold({ ctx, input: { agent_id: desk.agentId, limit: 10 } }));
    expect(listed.data).toMatchObject([
      { learning_example_id: example.id, decision: "reject", retired_at: null },
    ]);
    const retire = (): Promise<unknown> =>
      desk.as("reviewer").transact((ctx) => retireGold({ ctx, input: { exampleId: example.id } }));
    await retire();
    await expect(retire()).rejects.toEqual(problem("conflict"));
    expect((await claim(desk.as("annotator"), queue))?.example.id).toBe(example.id);
    await annotate(desk.as("reviewer"), (await supply(desk)).id);
    const settled = await supply(desk);
    await annotate(desk.as("annotator"), settled.id);
    await expect(gild(desk, settled.id, "approve")).rejects.toEqual(problem("conflict"));
  });

  describe("decides what people's words count", () => {
    it("in the quality score", async () => {
      const desk = await openDesk(suite.database, {
        policy: { training: { annotation_overlap: 1, double_annotation_share: 0 } },
      });
      const queue = await queueOf(desk, 1);
      for (let index = 0; index < 8; index += 1) await gild(desk, (await supply(desk)).id, "approve");
      const good = await desk.hire("annotator");
      const bad = await desk.hire("annotator");
      for (let index = 0; index < 8; index += 1) {
        await answer(good, queue, "approve");
        await answer(bad, queue, index % 2 === 0 ? "approve" : "reject");
      }
      const report = await trust(desk);
      const of = (person: { userId: string }): AnnotatorTrustReport["people"][number] | undefined =>
        report.people.find(({ user_id }) => user_id === person.userId);
      expect(of(good)).toMatchObject({ gold_agreed: 8, gold_disagreed: 0, panel_accuracy: null });
      expect(of(good)?.weight).toBeCloseTo(1.8, 5);
      expect(of(bad)).toMatchObject({ gold_agreed: 4, gold_disagreed: 4 });
      expect(of(bad)?.weight).toBeCloseTo(0.2, 5);
      const [low, high] = of(bad)?.agreement_interval ?? [0, 0];
      expect(low).toBeLessThan(0.55);
      expect(high).toBeGreaterThan(0.55);
      // Twice annotated, once 0.9 by who can be relied on and once 0.5 by who cannot.
      await desk
        .as("admin")
        .transact((ctx) =>
          ctx.tx
            .updateTable("annotation_queues")
            .set({ overlap: 2, gold_share: 0 })
            .where("id", "=", queue)
            .execute(),
        );
      const example = await supply(desk);
      await annotate(good, example.id, { quality: 0.9 });
      const { example: settled } = await annotate(bad, example.id, { quality: 0.5 });
      expect(settled.review_status).toBe("approved");
      // (1.8 · 0.9 + 0.2 · 0.5 + 0.5 · 0.9) / 2.5: the agent's mean is 0.9, from the first of the two.
      expect(settled.quality_score).toBeCloseTo(0.87, 5);
    });

    it("in the consensus: who keeps failing does not settle it alone", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const queue = await queueOf(desk, 1);
      for (let index = 0; index < 6; index += 1) await gild(desk, (await supply(desk)).id, "reject");
      const bad = await desk.hire("annotator");
      for (let index = 0; index < 6; index += 1) await answer(bad, queue, "approve");
      const example = await supply(desk);
      const { example: left, outstanding } = await annotate(bad, example.id);
      expect([left.review_status, outstanding]).toEqual(["in_review", 1]);
      const { example: settled } = await annotate(desk.as("reviewer"), example.id, {
        annotation_type: "adjudication",
      });
      expect(settled.review_status).toBe("approved");
    });
  });
});

describeEachEngine("agreement of annotators", (suite) => {
  it("is told for the agent and for each queue, and reaches the API whole", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 2, double_annotation_share: 0 } },
    });
    const [one, other] = [desk.as("annotator"), await desk.hire("annotator")];
    for (let index = 0; index < 4; index += 1) {
      const { id } = await supply(desk);
      await annotate(one, id, { quality: 0.5 + index / 10 });
      await annotate(other, id, { quality: 0.6 + index / 10, decision: index === 3 ? "reject" : "approve" });
    }
    const queue = await queueOf(desk, 0);
    const queued = await supply(desk);
    await annotate(one, queued.id);
    const look = (queue_id?: string): Promise<AnnotationAgreement> =>
      desk
        .as("viewer")
        .transact((ctx) => annotationAgreement({ ctx, input: { agent_id: desk.agentId, queue_id } }));
    const whole = await look();
    expect(whole).toMatchObject({
      examples: 4,
      annotations: 8,
      is_sample: false,
      decision: { percent: 0.75 },
    });
    expect(whole.dimensions[0]).toMatchObject({ examples: 4, within_tolerance: 1 });
    expect(await look(queue)).toMatchObject({ examples: 0, decision: { percent: null } });
    expect((await trust(desk)).people).toHaveLength(2);
    const api = createTestApi(suite.database);
    try {
      const answered = await api.call<AnnotationAgreement>(
        desk.organization,
        "GET",
        `/annotations/agreement?agent_id=${desk.agentId}`,
        { as: "viewer" },
      );
      expect(answered).toMatchObject({ status: 200, body: whole });
      expect((await api.call(desk.organization, "GET", `/annotators?agent_id=${desk.agentId}`)).status).toBe(
        200,
      );
      const created = await api.call(desk.organization, "POST", "/queues", {
        body: { agent_id: desk.agentId, name: "api" },
        headers: { "idempotency-key": "once" },
      });
      expect([created.status, created.headers["etag"]]).toEqual([201, '"1"']);
      const path = `/queues/${String(created.body["id"])}`;
      for (const read of [path, `${path}/progress`, "/queues"])
        expect((await api.call(desk.organization, "GET", read)).status).toBe(200);
      const bad = await api.call(desk.organization, "POST", "/annotations/bulk", {
        body: { selection: { agent_id: desk.agentId }, action: "approve" },
      });
      expect([
        bad.status,
        (bad.body["errors"] as { path: string }[]).map(({ path: field }) => field),
      ]).toEqual([400, expect.arrayContaining(["body.as_of", "body.expected", "body.clarity"])]);
    } finally {
      await api.close();
    }
  });
});
