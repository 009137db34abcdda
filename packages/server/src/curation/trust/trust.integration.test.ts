import type {
  ContributionsReview,
  ContributionSuspicion,
  DatasetDetail,
  DatasetInfluence,
  DatasetLineage,
} from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemContext } from "../../create-context.ts";
import { json, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import type { RecordingJobQueue } from "../../testing/test-services.ts";
import { type Desk, openDesk } from "../curation.testing.ts";
import { rebuildErasedJob } from "../datasets/index.ts";

const TOPICS = ["vat return", "payroll run", "audit visit", "invoice copy"];
const OPEN = {
  training: {
    min_human_verified: 0,
    min_doubly_annotated: 0,
    min_annotation_agreement: 0,
    double_annotation_share: 0,
  },
};

describeEachEngine("contributions that look poisoned", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  /** Approved corrections of a new person. */
  async function contribute(
    desk: Desk,
    rows: readonly { topic: number; output: string }[],
    options: { verified?: boolean; kind?: "end_user" | "member" } = {},
  ): Promise<string[]> {
    const userId = newId();
    const ids = rows.map(() => newId());
    const organization_id = desk.organization.id;
    const kind = options.kind ?? "end_user";
    await withSystem(suite.database.kysely, async (tx) => {
      await tx
        .insertInto("users")
        .values({ organization_id, id: userId, kind, external_id: kind === "end_user" ? userId : null })
        .execute();
      for (const [index, { topic, output }] of rows.entries()) {
        const id = ids[index] ?? "";
        await tx
          .insertInto("learning_examples")
          .values({
            organization_id,
            id,
            agent_id: desk.agentId,
            example_type: "correction",
            input_context: json({}),
            input_text: `A question about the ${TOPICS[topic]}, number ${index} ${id.slice(-6)}`,
            original_output: "something else",
            expected_output: output,
            source_type: kind === "end_user" ? "user_feedback" : "expert_correction",
            source_user_id: userId,
            group_key: `example:${id}`,
            review_status: "approved",
            quality_score: 0.9,
          })
          .execute();
        if (options.verified !== true) continue;
        await tx
          .insertInto("expert_annotations")
          .values({
            organization_id,
            id: newId(),
            agent_id: desk.agentId,
            learning_example_id: id,
            expert_id: desk.organization.members.annotator.id,
            annotation_type: "review",
            decision: "approve",
            annotation_data: json({ decision: "approve" }),
            is_verified: true,
            verified_by: desk.organization.members.reviewer.id,
          })
          .execute();
      }
    });
    return ids;
  }

  const honest = (count: number): { topic: number; output: string }[] =>
    Array.from({ length: count }, (_, n) => ({ topic: n % 4, output: TOPICS[n % 4] ?? "" }));
  const lies = (count: number): { topic: number; output: string }[] =>
    Array.from({ length: count }, (_, n) => ({ topic: 1 + (n % 3), output: TOPICS[0] ?? "" }));

  /** Verified examples of experts, and some honest people. */
  async function openHonestDesk(): Promise<Desk> {
    const desk = await openDesk(suite.database, { policy: OPEN });
    await contribute(desk, honest(40), { verified: true, kind: "member" });
    for (let person = 0; person < 10; person += 1) await contribute(desk, honest(4));
    return desk;
  }

  const review = (desk: Desk) =>
    api.call<ContributionsReview>(desk.organization, "POST", "/trust/reviews", {
      as: "reviewer",
      body: { agent_id: "my-agent" },
    });
  const build = async (desk: Desk): Promise<DatasetDetail> =>
    (
      await api.call<DatasetDetail>(desk.organization, "POST", "/datasets", {
        body: { agent_id: "my-agent", name: "support" },
      })
    ).body;

  it("honest people are let be", async () => {
    const desk = await openHonestDesk();
    const { status, body } = await review(desk);
    expect(status).toBe(200);
    expect(body).toMatchObject({ contributions: 40, trusted_examples: 40, suspicions: [] });
    expect((await build(desk)).card.contributors).toMatchObject({ held_back: 0, capped: 0 });
  });

  it("one who lies is held back from the dataset, by itself when it is built, and can be looked up", async () => {
    const desk = await openHonestDesk();
    const planted = await contribute(desk, lies(20));
    const dataset = await build(desk);
    expect(dataset.total_examples).toBe(80);
    expect(dataset.card.contributors.held_back).toBe(20);
    expect(dataset.card.warnings.join(" ")).toContain("possibly poisoned");
    const list = await api.call<{ data: ContributionSuspicion[] }>(
      desk.organization,
      "GET",
      "/trust/suspicions?agent_id=my-agent&status=open",
      { as: "reviewer" },
    );
    const held = list.body.data.flatMap(({ example_ids }) => example_ids);
    expect(new Set(held)).toEqual(new Set(planted));
    expect(list.body.data[0]?.sentence).toContain("contradicted verified examples");
    expect((await review(desk)).body.suspicions).toEqual([]);
  });

  it("released by a reviewer they are learned from and not held again; confirmed they are gone", async () => {
    for (const decision of ["released", "confirmed"] as const) {
      const desk = await openHonestDesk();
      await contribute(desk, lies(20));
      const { suspicions } = (await review(desk)).body;
      for (const { id } of suspicions) {
        const path = `/trust/suspicions/${id}/decision`;
        const body = { decision, notes: "I asked them." };
        expect((await api.call(desk.organization, "POST", path, { as: "annotator", body })).status).toBe(403);
        expect((await api.call(desk.organization, "POST", path, { as: "secret", body })).status).toBe(403);
        const decided = await api.call<ContributionSuspicion>(desk.organization, "POST", path, {
          as: "reviewer",
          body,
        });
        expect(decided).toMatchObject({ status: 200, body: { status: decision, notes: "I asked them." } });
        expect((await api.call(desk.organization, "POST", path, { as: "reviewer", body })).status).toBe(409);
      }
      expect((await review(desk)).body.suspicions).toEqual([]);
      expect((await build(desk)).total_examples).toBe(decision === "released" ? 100 : 80);
    }
  });

  it("what is confirmed after a dataset was frozen puts that away, and the version that follows is without it", async () => {
    const desk = await openHonestDesk();
    const person = await contribute(desk, honest(3));
    const built = await build(desk);
    const frozen = await api.call<DatasetDetail>(desk.organization, "POST", `/datasets/${built.id}/freeze`);
    expect(frozen.status).toBe(200);
    // Held back afterwards, as a later review would.
    const suspicionId = newId();
    await withSystem(suite.database.kysely, async (tx) => {
      await tx
        .updateTable("learning_examples")
        .set({ quarantine: "held" })
        .where("id", "in", person)
        .execute();
      await tx
        .insertInto("contribution_suspicions")
        .values({
          organization_id: desk.organization.id,
          id: suspicionId,
          agent_id: desk.agentId,
          detector: "cohort",
          example_ids: json(person),
          contributor_ids: json([newId()]),
          ln_p_value: -20,
          sentence: "They agree too well.",
        })
        .execute();
    });
    const decided = await api.call(desk.organization, "POST", `/trust/suspicions/${suspicionId}/decision`, {
      as: "reviewer",
      body: { decision: "confirmed" },
    });
    expect(decided.status).toBe(200);
    const queue = api.services.jobs as RecordingJobQueue;
    const jobs = queue.enqueued.splice(0).filter(({ name }) => name === rebuildErasedJob.name);
    expect(jobs.map(({ data }) => data)).toMatchObject([{ datasetId: built.id, reason: "distrust" }]);
    // Twice, as a queue may: it makes one successor.
    for (let turn = 0; turn < 2; turn += 1)
      for (const { data } of jobs)
        await rebuildErasedJob.run({
          ctx: systemContext(api.services, desk.organization.id, "test"),
          data,
          signal: new AbortController().signal,
        });
    const get = async <T>(path: string): Promise<T> =>
      (await api.call<T>(desk.organization, "GET", path)).body;
    const old = await get<DatasetDetail>(`/datasets/by-id/${built.id}`);
    expect(old).toMatchObject({
      status: "archived",
      content_hash: frozen.body.content_hash,
      erased_items: 0,
      original_content_hash: null,
    });
    const { superseded_by: next } = await get<DatasetLineage>(`/datasets/${built.id}/lineage`);
    expect(next).toMatchObject({ version: "2", status: "frozen", reason: "distrust" });
    const successor = await get<DatasetDetail>(`/datasets/by-id/${next?.dataset_id}`);
    expect(successor).toMatchObject({ supersedes_id: built.id, total_examples: built.total_examples - 3 });
    const list = await get<{ data: unknown[] }>("/datasets/my-agent");
    expect(list.data).toHaveLength(2);
  });

  it("of sixty rows of one user at most twenty-five are admitted, of an expert all", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    await contribute(desk, honest(60));
    await contribute(desk, honest(60), { kind: "member" });
    const dataset = await build(desk);
    const held = dataset.card.contributors.held_back;
    expect(dataset.total_examples).toBe(60 + Math.min(25, 60 - held));
    expect(dataset.card.contributors.capped + held).toBe(60 - (dataset.total_examples - 60));
  });

  it("what each contributor does to the held-out score is told", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    await contribute(desk, honest(80), { kind: "member" });
    const [lie] = await contribute(desk, lies(150), { kind: "member" });
    const { body: dataset } = await api.call<DatasetDetail>(desk.organization, "POST", "/datasets", {
      body: { agent_id: "my-agent", name: "influence", split: { train: 0.5, validation: 0, test: 0.5 } },
    });
    const asked = await api.call<DatasetInfluence>(
      desk.organization,
      "GET",
      `/datasets/${dataset.id}/influence?contributors=2`,
      { as: "reviewer" },
    );
    expect(asked.status).toBe(200);
    const { body } = asked;
    expect(body).toMatchObject({ outputs: 4, held_out_examples: dataset.card.splits.test.examples });
    expect(body.contributors).toHaveLength(2);
    const liar = await desk.as("admin").transact((ctx) =>
      ctx.tx
        .selectFrom("learning_examples")
        .select("source_user_id")
        .where("id", "=", lie ?? "")
        .executeTakeFirstOrThrow(),
    );
    const row = body.contributors.find(({ user_id }) => user_id === liar.source_user_id);
    // Most of what is held out are the same person's lies: they are not asked about the person.
    expect(row?.items).toBeGreaterThan(50);
    expect(row?.asked).toBeLessThan(body.held_out_examples);
    expect(row?.change).toBeCloseTo((row?.score_with ?? 0) - (row?.score_without ?? 0), 10);
    const nowhere = await api.call(desk.organization, "GET", `/datasets/${newId()}/influence`, {
      as: "reviewer",
    });
    expect(nowhere.status).toBe(404);
  });

  describe("bad input", () => {
    it.each<[string, string, object | undefined, number]>([
      ["POST", "/trust/reviews", { agent_id: "nobody" }, 404],
      ["POST", "/trust/reviews", {}, 400],
      ["GET", "/trust/suspicions", undefined, 400],
      ["GET", "/trust/suspicions?agent_id=my-agent&status=x", undefined, 400],
      ["POST", `/trust/suspicions/${newId()}/decision`, { decision: "released" }, 404],
      ["POST", `/trust/suspicions/${newId()}/decision`, { decision: "perhaps" }, 400],
    ])("%s %s %j: %d", async (method, path, body, status) => {
      const desk = await openDesk(suite.database);
      const answer = await api.call(desk.organization, method as "GET", path, {
        as: "reviewer",
        ...(body === undefined ? {} : { body }),
      });
      expect(answer.status).toBe(status);
    });
  });
});
