import type { LearningExample } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { caller } from "./two-worlds.testing.ts";

type Who = "annotator" | "reviewer" | "admin";

describeEachEngine("reviews that an erased person took part in", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  let call: ReturnType<typeof caller>;
  beforeAll(() => {
    api = createTestApi(context.database, { evidenceObservers });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(context.database);
    call = caller(api, organization);
  });

  const agent = (annotation_overlap: number, training: object = {}) =>
    createTestAgent(context.database, organization.id, {
      policy: { training: { annotation_overlap, ...training } },
    });
  const supply = (more: object = {}) =>
    call<LearningExample>(
      "POST",
      "/examples",
      {
        agent_id: "my-agent",
        example_type: "negative",
        input_text: "question",
        original_output: "wrong",
        ...more,
      },
      { as: "secret" },
    );
  const say = (id: string, as: Who, decision: "approve" | "reject", quality: number, more: object = {}) =>
    call<{ annotation: { id: string }; example: LearningExample }>(
      "POST",
      "/annotations",
      {
        learning_example_id: id,
        decision,
        technical_accuracy: quality,
        professional_quality: quality,
        completeness: quality,
        clarity: quality,
        ...more,
      },
      { as },
    );
  const erase = (as: Who) => call("DELETE", `/persons/${organization.members[as].id}`);
  const read = async (id: string): Promise<LearningExample | undefined> =>
    (await call<{ data: LearningExample[] }>("GET", "/examples?limit=200")).data.find((one) => one.id === id);
  const open = async (): Promise<number> =>
    (await call<{ pending_annotations: number }>("GET", "/stats")).pending_annotations;
  const claim = (as: Who) =>
    call<{ task: { id: string; kind: string; fencing_token: number } | null }>(
      "POST",
      "/annotations/claim",
      {},
      { as },
    );

  it("begins again where nobody else said anything, without their correction", async () => {
    await agent(1);
    const { id } = await supply();
    await say(id, "annotator", "approve", 0.9, { corrected_output: "their words" });
    expect(await read(id)).toMatchObject({ review_status: "approved", expected_output: "their words" });
    await erase("annotator");
    expect(await read(id)).toMatchObject({
      review_status: "pending",
      expected_output: "",
      quality_score: null,
      reviewed_by: null,
      reviewed_at: null,
    });
    expect(await open()).toBe(1);
    const after = await say(id, "reviewer", "approve", 0.5, { corrected_output: "right" });
    expect(after.example).toMatchObject({ review_status: "approved", quality_score: 0.5 });
    expect(await open()).toBe(0);
  });

  it("asks for another judgement where a review is going on, and for no adjudication of a disagreement with them", async () => {
    await agent(2);
    const { id } = await supply();
    await say(id, "annotator", "reject", 0.1);
    await say(id, "reviewer", "approve", 0.7, { corrected_output: "right" });
    expect(await open()).toBe(1);
    await erase("annotator");
    expect(await read(id)).toMatchObject({ review_status: "in_review", quality_score: null });
    expect(await open()).toBe(1);
    const { task } = await claim("admin");
    expect(task?.kind).toBe("annotation");
    const settled = await say(id, "admin", "approve", 0.7, {
      corrected_output: "right",
      task_id: task?.id,
      fencing_token: task?.fencing_token,
    });
    expect(settled.example).toMatchObject({ review_status: "approved", quality_score: 0.7 });
    expect(await open()).toBe(0);
  });

  it("has another adjudicator where those who disagreed are still there", async () => {
    await agent(2);
    const { id } = await supply();
    await say(id, "annotator", "reject", 0.1);
    await say(id, "admin", "approve", 0.7, { corrected_output: "right" });
    const adjudication = { annotation_type: "adjudication", corrected_output: "the reviewer's" };
    await say(id, "reviewer", "approve", 0.9, adjudication);
    expect(await read(id)).toMatchObject({ review_status: "approved", expected_output: "the reviewer's" });
    expect(await open()).toBe(0);
    await erase("reviewer");
    expect(await read(id)).toMatchObject({
      review_status: "in_review",
      expected_output: "",
      quality_score: null,
    });
    expect(await open()).toBe(1);
  });

  it("gives back what the rater had corrected, where they had corrected it otherwise", async () => {
    await agent(2);
    await call("POST", "/executions", {
      agent_id: "my-agent",
      execution_id: "one",
      input_text: "question",
      output_text: "wrong",
      status: "succeeded",
    });
    await call("POST", "/feedback", {
      agent_id: "my-agent",
      execution_id: "one",
      user_id: "rater",
      feedback_type: "correction",
      correction_text: "the rater's",
    });
    const { data } = await call<{ data: LearningExample[] }>("GET", "/examples");
    const id = data[0]?.id ?? "";
    await say(id, "annotator", "approve", 0.9, { corrected_output: "their words" });
    await say(id, "reviewer", "approve", 0.5);
    expect(await read(id)).toMatchObject({ review_status: "approved", expected_output: "their words" });
    await erase("annotator");
    expect(await read(id)).toMatchObject({
      review_status: "approved",
      expected_output: "the rater's",
      quality_score: 0.5,
      reviewed_by: organization.members.reviewer.id,
    });
    expect(await open()).toBe(0);
  });

  it("measures nobody by an answer that they had called the right one", async () => {
    await agent(1);
    const { id } = await supply();
    await call("POST", "/gold", { learning_example_id: id, decision: "approve" }, { as: "reviewer" });
    expect(await open()).toBe(0);
    await erase("reviewer");
    expect((await call<{ data: unknown[] }>("GET", "/gold?agent_id=my-agent")).data).toEqual([]);
    expect(await open()).toBe(1);
  });

  it("takes their words out of what was made of other people's examples, and gives them theirs alone", async () => {
    await agent(1, {
      min_quality_score: 0,
      min_human_verified: 0,
      min_annotation_agreement: 0,
      min_doubly_annotated: 0,
    });
    const ids: string[] = [];
    for (const [n, as] of (["annotator", "reviewer"] as const).entries()) {
      const { id } = await supply({ input_text: `somebody's question ${n}` });
      await say(id, as, "approve", 0.9, { corrected_output: `words of the ${as}` });
      ids.push(id);
    }
    const dataset = await call<{ id: string }>("POST", "/datasets", { agent_id: "my-agent", name: "all" });
    await call("POST", `/datasets/${dataset.id}/freeze`);
    for (const learning_example_id of ids) {
      await call("POST", "/regression-cases", { agent_id: "my-agent", learning_example_id });
    }
    const demonstrations = ids.map((example_id, n) => ({
      input: `somebody's question ${n}`,
      output: `words of the ${n === 0 ? "annotator" : "reviewer"}`,
      // Found by its lineage or by its words.
      ...(n === 0 ? {} : { example_id }),
    }));
    await call("POST", "/agents/my-agent/versions", {
      config: { runtime: "demonstrations", demonstrations },
    });
    const tables = [
      "training_dataset_items",
      "regression_cases",
      "agent_versions",
      "learning_examples",
      "expert_annotations",
    ];
    const holding = async (text: string): Promise<string[]> => {
      const found = [];
      for (const table of tables) {
        const { rows } = await withSystem(context.database.kysely, (tx) =>
          sql`SELECT 1 FROM ${sql.table(table)} t WHERE organization_id = ${organization.id} AND position(${text} IN t::text) > 0`.execute(
            tx,
          ),
        );
        if (rows.length > 0) found.push(table);
      }
      return found;
    };
    expect(await holding("words of the annotator")).toEqual(tables);
    const exported = await api.server.inject({
      url: `/api/learning/persons/${organization.members.annotator.id}/export`,
      headers: { authorization: `Bearer ${organization.members.admin.key}` },
    });
    expect(exported.body).toContain("words of the annotator");
    expect(exported.body).not.toContain("somebody's question");
    await erase("annotator");
    expect(await holding("words of the annotator")).toEqual([]);
    expect(await holding("words of the reviewer")).toEqual(tables);
    expect(await call("GET", `/datasets/by-id/${dataset.id}`)).toMatchObject({
      status: "archived",
      erased_items: 1,
    });
  });

  it("takes back that they verified what others said", async () => {
    await agent(1);
    const { id } = await supply();
    const { annotation } = await say(id, "annotator", "reject", 0.5);
    await call("POST", `/annotations/${annotation.id}/verify`, {}, { as: "reviewer" });
    await erase("reviewer");
    const { data } = await call<{ data: object[] }>("GET", "/annotations");
    expect(data).toMatchObject([{ id: annotation.id, is_verified: false, verified_by: null }]);
  });
});
