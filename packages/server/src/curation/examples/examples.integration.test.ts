import type { LearningExample, LearningExampleDetail } from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aVote, anExecution } from "../../collection/testing-evidence.testing.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestAgent, createTestOrganization } from "../../testing/test-organization.ts";
import { newId } from "../../new-id.ts";
import { annotate, openDesk, storeExecution, supply } from "../curation.testing.ts";
import { listApprovedExamples } from "./index.ts";

const POSITIVE = {
  agent_id: "my-agent",
  example_type: "positive",
  input_text: "question",
  expected_output: "answer",
};

describeEachEngine("examples over HTTP", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  it("takes an example of every type, with all its labels", async () => {
    const desk = await openDesk(suite.database);
    const execution = await storeExecution(desk, { session_id: "s" });
    const bodies = [
      POSITIVE,
      { ...POSITIVE, example_type: "negative", expected_output: undefined, original_output: "bad" },
      { ...POSITIVE, example_type: "correction", original_output: "bad" },
      { ...POSITIVE, example_type: "demonstration" },
      { ...POSITIVE, example_type: "edge_case", source_execution_id: execution.external_id },
      {
        ...POSITIVE,
        example_type: "failure",
        source_execution_id: execution.id,
        source_type: "regression_case",
      },
      {
        agent_id: desk.agentId,
        example_type: "preference",
        input_text: "question",
        output_a: "a",
        output_b: "b",
        preferred_output: "B",
        preference_strength: 4,
        domain: "vat",
        task_type: "answer",
        complexity: 3,
        jurisdictions: ["DE", "AT"],
        tags: ["urgent"],
        confidence_score: 0.5,
        group_key: "case 12",
        input_context: { channel: "mail" },
      },
    ];
    const answers: LearningExample[] = [];
    for (const body of bodies) {
      const answer = await api.call<LearningExample>(desk.organization, "POST", "/examples", {
        as: "annotator",
        body,
      });
      expect(answer.status).toBe(201);
      expect(answer.headers.etag).toBe('"1"');
      answers.push(answer.body);
    }
    expect(answers.map(({ source_type }) => source_type)).toEqual([
      "import",
      "import",
      "expert_correction",
      "expert_demonstration",
      "execution",
      "regression_case",
      "import",
    ]);
    expect(answers[4]).toMatchObject({ source_execution_id: execution.id, group_key: "session:s" });
    expect(answers[6]).toMatchObject({
      expected_output: "b",
      preference_strength: 4,
      domain: "vat",
      complexity: 3,
      jurisdictions: ["DE", "AT"],
      tags: ["urgent"],
      confidence_score: 0.5,
      group_key: "given:case 12",
      input_context: { channel: "mail" },
      source_user_id: desk.organization.members.annotator.id,
    });
  });

  it("takes a demonstration with its steps, from its expert", async () => {
    const desk = await openDesk(suite.database);
    const { reviewer, annotator } = desk.organization.members;
    const body = {
      agent_id: "my-agent",
      input: "book the invoice",
      context: { client: "c" },
      steps: [
        { action: "open the ledger" },
        { action: "book", observation: "balanced", rationale: "19 % VAT" },
      ],
      output: "booked",
      rationale: "standard case",
      tags: ["vat"],
    };
    const post = (
      as: "annotator" | "secret",
      extra: object,
    ): Promise<{ status: number; body: Record<string, unknown> }> =>
      api.call(desk.organization, "POST", "/demonstrations", { as, body: { ...body, ...extra } });
    const own = await post("annotator", {});
    expect(own.status).toBe(201);
    expect(own.body).toMatchObject({
      example_type: "demonstration",
      expected_output: "booked",
      source_type: "expert_demonstration",
      source_user_id: annotator.id,
      review_status: "pending",
      tags: ["vat"],
      input_context: { client: "c", demonstration: { steps: body.steps, rationale: "standard case" } },
    });
    expect((await post("secret", { expert: reviewer.email.toUpperCase() })).body.source_user_id).toBe(
      reviewer.id,
    );
    expect((await post("secret", { expert: reviewer.id })).body.source_user_id).toBe(reviewer.id);
    expect((await post("secret", {})).body.source_user_id).toBeNull();
    expect(await post("secret", { expert: "nobody@nowhere.example" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.expert" }] },
    });
  });

  it("lists by agent, status, type and activity, each page once", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 1, double_annotation_share: 0 } },
    });
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.unshift((await supply(desk, { example_type: index % 2 === 0 ? "positive" : "negative" })).id);
    await annotate(desk.as("annotator"), made[0] ?? "");
    const list = async (query: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const suffix: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const { body } = await api.call<{ data: LearningExample[]; next_cursor: string | null }>(
          desk.organization,
          "GET",
          `/examples?limit=3${query}${suffix}`,
          { as: "viewer" },
        );
        seen.push(...body.data.map(({ id }) => id));
        cursor = body.next_cursor;
      }
      return seen;
    };
    expect(await list("")).toEqual(made);
    expect(await list("&agent_id=my-agent&review_status=approved")).toEqual([made[0]]);
    expect(await list("&example_type=negative")).toEqual([made[1], made[3], made[5]]);
    expect(await list("&is_active=false")).toEqual([]);
  });

  it("shows where an example came from and what went on", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 1, double_annotation_share: 0 } },
    });
    const execution = await storeExecution(desk);
    const example = await supply(desk, { source_execution_id: execution.external_id });
    await annotate(desk.as("annotator"), example.id);
    const { status, body, headers } = await api.call<LearningExampleDetail>(
      desk.organization,
      "GET",
      `/examples/${example.id}`,
      { as: "viewer" },
    );
    expect(status).toBe(200);
    expect(headers.etag).toBe('"2"');
    expect(body.lineage).toMatchObject({
      feedback: null,
      execution: { id: execution.id, execution_id: execution.external_id },
      annotations: [{ expert_id: desk.organization.members.annotator.id }],
      annotations_hidden: false,
      datasets: [],
      versions: [],
    });
  });

  it("follows an agent's switches from the next vote on, whichever server changed them", async () => {
    const observed = [0, 1].map(() => createTestApi(suite.database, { evidenceObservers }));
    const [one, other] = observed as [TestApi, TestApi];
    try {
      const organization = await createTestOrganization(suite.database);
      await createTestAgent(suite.database, organization.id);
      const vote = async (server: TestApi, id: string): Promise<void> => {
        const calls = [
          ["/executions", anExecution(id)],
          ["/feedback", aVote(id, { feedback_type: "rating", rating: 4 })],
        ] as const;
        for (const [path, body] of calls) {
          const answer = await server.call(organization, "POST", path, { as: "secret", body });
          expect(answer.status, JSON.stringify(answer.body)).toBe(201);
        }
      };
      const examples = async (): Promise<number> => {
        const { body } = await one.call<{ data: unknown[] }>(
          organization,
          "GET",
          "/examples?agent_id=my-agent",
        );
        return body.data.length;
      };
      const choose = async (minRatingForPositive: number, version: number): Promise<void> => {
        const { status, body } = await one.call(organization, "PATCH", "/agents/my-agent", {
          body: { config: { feedback_collection: { min_rating_for_positive: minRatingForPositive } } },
          headers: { "if-match": `"${version}"` },
        });
        expect(status, JSON.stringify(body)).toBe(200);
      };
      await vote(other, "a");
      await vote(other, "b");
      expect(await examples()).toBe(2);
      await choose(5, 1);
      await vote(other, "c");
      expect(await examples()).toBe(2);
      await choose(4, 2);
      await vote(other, "d");
      await vote(one, "e");
      expect(await examples()).toBe(4);
    } finally {
      for (const server of observed) await server.close();
    }
  });

  it("changes labels under If-Match", async () => {
    const desk = await openDesk(suite.database);
    const example = await supply(desk);
    const patch = (
      body: object,
      match?: string,
    ): Promise<{ status: number; body: Record<string, unknown> }> =>
      api.call(desk.organization, "PATCH", `/examples/${example.id}`, {
        as: "annotator",
        body,
        ...(match === undefined ? {} : { headers: { "if-match": match } }),
      });
    expect((await patch({ domain: "tax" })).status).toBe(428);
    expect((await patch({ domain: "tax" }, '"7"')).status).toBe(412);
    const changed = await patch({ domain: "tax", tags: ["a"], complexity: 2, jurisdictions: ["DE"] }, '"1"');
    expect(changed).toMatchObject({
      status: 200,
      body: { domain: "tax", tags: ["a"], complexity: 2, jurisdictions: ["DE"], task_type: null, version: 2 },
    });
    expect(await patch({ domain: null, is_active: false }, '"2"')).toMatchObject({
      status: 200,
      body: { domain: null, is_active: false, tags: ["a"], version: 3 },
    });
  });

  describe("bad input", () => {
    it.each<[string, object, string]>([
      ["no type", { example_type: undefined }, "body.example_type"],
      ["unknown type", { example_type: "neutral" }, "body.example_type"],
      ["feedback's own source", { source_type: "user_feedback" }, "body.source_type"],
      ["no input", { input_text: "" }, "body.input_text"],
      ["positive without output", { expected_output: "" }, "body.expected_output"],
      ["correction without original", { example_type: "correction" }, "body.original_output"],
      [
        "preference without outputs",
        { example_type: "preference", expected_output: undefined },
        "body.output_a",
      ],
      ["preference fields elsewhere", { output_a: "a" }, "body.output_a"],
      ["complexity of 6", { complexity: 6 }, "body.complexity"],
      ["confidence of 2", { confidence_score: 2 }, "body.confidence_score"],
      ["NUL", { input_text: "a\u0000" }, "body.input_text"],
      ["tags that are no list", { tags: "a" }, "body.tags"],
    ])("400: %s", async (_name, change, path) => {
      const organization = await createTestOrganization(suite.database);
      await createTestAgent(suite.database, organization.id);
      const body = { ...POSITIVE, ...change };
      const answer = await api.call<{ errors: { path: string }[] }>(organization, "POST", "/examples", {
        body,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0]?.path).toBe(path);
    });

    it("404 and 422 for what is not there, or is another organization's", async () => {
      const desk = await openDesk(suite.database);
      const other = await openDesk(suite.database, { slug: "their-agent" });
      const theirs = await supply(other);
      const execution = await storeExecution(other);
      const post = async (body: object): Promise<number> =>
        (await api.call(desk.organization, "POST", "/examples", { body: { ...POSITIVE, ...body } })).status;
      expect(await post({ agent_id: "their-agent" })).toBe(404);
      expect(await post({ agent_id: other.agentId })).toBe(404);
      expect(await post({ source_execution_id: execution.id })).toBe(422);
      const get = async (id: string): Promise<number> =>
        (await api.call(desk.organization, "GET", `/examples/${id}`)).status;
      expect([await get(theirs.id), await get(newId()), await get("1")]).toEqual([404, 404, 400]);
      const patch = { body: { domain: "x" }, headers: { "if-match": '"1"' } };
      expect((await api.call(desk.organization, "PATCH", `/examples/${theirs.id}`, patch)).status).toBe(404);
      expect((await api.call(desk.organization, "GET", "/examples?cursor=zzz")).status).toBe(400);
      expect((await api.call(desk.organization, "GET", "/examples?agent_id=their-agent")).status).toBe(404);
      const empty = await api.call(desk.organization, "GET", "/examples");
      expect(empty.body).toEqual({ data: [], next_cursor: null });
    });

    it("403 for viewers, 401 for nobody", async () => {
      const desk = await openDesk(suite.database);
      const post = async (as: "viewer" | "publishable" | "nobody"): Promise<number> =>
        (await api.call(desk.organization, "POST", "/examples", { as, body: POSITIVE })).status;
      expect([await post("viewer"), await post("publishable"), await post("nobody")]).toEqual([
        403, 403, 401,
      ]);
    });
  });
});

describeEachEngine("approved examples", (suite) => {
  it("are active, approved and good enough, oldest first, page by page", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 1, double_annotation_share: 0, min_quality_score: 0.8 } },
    });
    const ids: string[] = [];
    for (const quality of [0.9, 0.9, 0.1, 0.9, 0.9]) {
      const example = await supply(desk, { example_type: ids.length === 3 ? "failure" : "positive" });
      ids.push(example.id);
      await annotate(desk.as("annotator"), example.id, { quality });
    }
    await annotate(desk.as("annotator"), (await supply(desk)).id, { decision: "reject", quality: 1 });
    await supply(desk);
    const read = (input: object): ReturnType<typeof listApprovedExamples> =>
      desk
        .as("secret")
        .transact((ctx) => listApprovedExamples({ ctx, input: { agentId: "my-agent", ...input } }));
    const approved = (await read({})).examples.map(({ id }) => id);
    expect(approved).toEqual([ids[0], ids[1], ids[3], ids[4]]);
    const first = await read({ limit: 3 });
    expect(first.next).toBe(ids[3]);
    expect(await read({ limit: 3, after: first.next })).toMatchObject({
      examples: [{ id: ids[4] }],
      next: null,
    });
    expect((await read({ exampleTypes: ["failure"] })).examples.map(({ id }) => id)).toEqual([ids[3]]);
  });
});
