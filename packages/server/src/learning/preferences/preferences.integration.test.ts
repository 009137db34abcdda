import type {
  AgentPreferences,
  ClaimedAnnotation,
  LearningExample,
  PairedExecutions,
  Problem,
  SubmittedAnnotation,
} from "@agent-learning/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";

type Who = "annotator" | "reviewer" | "admin" | "secret" | "viewer";

describeEachEngine("preferences", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let versions: [string, string];
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  const setUp = async (overlap: number): Promise<void> => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id, {
      policy: { training: { annotation_overlap: overlap, double_annotation_share: 0 } },
    });
    const made: string[] = [];
    for (const system_prompt of ["one", "two"]) {
      const { body } = await call<{ id: string }>("admin", "POST", "/agents/my-agent/versions", {
        config: { components: { system_prompt } },
      });
      made.push(body.id);
    }
    versions = made as [string, string];
  };
  beforeEach(() => setUp(1));
  const call = <T>(as: Who, method: "GET" | "POST", path: string, body?: unknown) =>
    api.call<T>(organization, method, path, body === undefined ? { as } : { as, body });
  const submit = (body: object = {}, as: Who = "secret") =>
    call<LearningExample & Problem>(as, "POST", "/preferences", {
      agent_id: "my-agent",
      input: "How long is the warranty?",
      output_a: "Two years.",
      output_b: "A year.",
      version_a: versions[0],
      version_b: versions[1],
      ...body,
    });
  const claim = async (as: Who): Promise<ClaimedAnnotation> => {
    const { body } = await call<ClaimedAnnotation>(as, "POST", "/annotations/claim", {});
    return body;
  };
  const say = (as: Who, exampleId: string, preference?: object, more: object = {}) =>
    call<SubmittedAnnotation & Problem>(as, "POST", "/annotations", {
      learning_example_id: exampleId,
      decision: "approve",
      preference,
      ...more,
    });
  const read = async (id: string): Promise<LearningExample> =>
    (await call<LearningExample>("viewer", "GET", `/examples/${id}`)).body;
  const preferences = async (): Promise<AgentPreferences> =>
    (await call<AgentPreferences>("viewer", "GET", "/agents/my-agent/preferences")).body;
  const execute = async (version: string, input: string, output: string): Promise<string> => {
    const execution_id = newId();
    const { status } = await call("secret", "POST", "/executions", {
      agent_id: "my-agent",
      execution_id,
      version_id: version,
      input_text: input,
      output_text: output,
      status: "succeeded",
    });
    expect(status).toBeLessThan(300);
    return execution_id;
  };

  it("is judged blind: what its contributor prefers is not shown, the order is drawn, and people decide", async () => {
    const { status, body: given } = await submit({ preferred: "A", strength: 5 });
    expect([status, given.expected_output, given.review_status]).toEqual([201, "Two years.", "pending"]);
    const claimed = await claim("annotator");
    expect(claimed.example).toMatchObject({
      id: given.id,
      output_a: "Two years.",
      preferred_output: null,
      preference_strength: null,
      expected_output: "",
    });
    expect(["A", "B"]).toContain(claimed.comparison?.first);
    const { body } = await say("annotator", given.id, { preferred: "B", strength: 2 });
    expect(body.example).toMatchObject({
      review_status: "approved",
      preferred_output: "B",
      preference_strength: 2,
      expected_output: "A year.",
      quality_score: 1,
    });
    expect(body.annotation.annotation_data).toMatchObject({
      preference: { preferred: "B", strength: 2, first: claimed.comparison?.first },
    });
  });

  it("asks a reviewer where two people disagree, and one who was overruled lowers the quality", async () => {
    await setUp(2);
    const { body: pair } = await submit();
    await say("annotator", pair.id, { preferred: "A", strength: 4 });
    await say("admin", pair.id, { preferred: "tie" });
    expect(await read(pair.id)).toMatchObject({ review_status: "in_review", preferred_output: null });
    const settled = await say(
      "reviewer",
      pair.id,
      { preferred: "A", strength: 3 },
      { annotation_type: "adjudication" },
    );
    expect(settled.body.example).toMatchObject({
      review_status: "approved",
      preferred_output: "A",
      quality_score: 0.67,
    });
  });

  it("takes a tie, which expects neither output", async () => {
    const { body: pair } = await submit();
    const { body } = await say("annotator", pair.id, { preferred: "tie" });
    expect(body.example).toMatchObject({
      review_status: "approved",
      preferred_output: null,
      expected_output: "",
    });
  });

  it("refuses what cannot be compared and judgements that say nothing, each with its field", async () => {
    const paths = async (answer: ReturnType<typeof submit>): Promise<[number, string[]]> => {
      const { status, body } = await answer;
      return [status, (body.errors ?? []).map(({ path }) => path)];
    };
    expect(await paths(submit({ output_b: "Two years." }))).toEqual([400, ["body.output_b"]]);
    expect(await paths(submit({ output_a: undefined }))).toEqual([400, ["body.output_a"]]);
    expect(await paths(submit({ input: undefined }))).toEqual([400, ["body.input"]]);
    expect(await paths(submit({ strength: 2 }))).toEqual([400, ["body.strength"]]);
    expect(await paths(submit({ version_a: newId() }))).toEqual([422, ["body.version_a"]]);
    const unknown = { output_a: undefined, version_a: undefined, execution_a: "nothing" };
    expect(await paths(submit(unknown))).toEqual([422, ["body.execution_a"]]);
    const { body: pair } = await submit();
    const silent = await say("annotator", pair.id, undefined, {
      technical_accuracy: 1,
      professional_quality: 1,
      completeness: 1,
      clarity: 1,
    });
    expect([silent.status, silent.body.errors?.[0]?.path]).toEqual([422, "body.preference"]);
    const rejected = await say("annotator", pair.id, { preferred: "A" }, { decision: "reject" });
    expect(rejected.status).toBe(400);
    const strongTie = await say("annotator", pair.id, { preferred: "tie", strength: 2 });
    expect(strongTie.status).toBe(400);
    const { body: other } = await call<LearningExample>("secret", "POST", "/examples", {
      agent_id: "my-agent",
      example_type: "positive",
      input_text: "q",
      expected_output: "a",
    });
    const misplaced = await say("annotator", other.id, { preferred: "A" });
    expect([misplaced.status, misplaced.body.errors?.[0]?.path]).toEqual([422, "body.preference"]);
  });

  it("takes outputs, input and versions from executions, and pairs those that answered the same", async () => {
    const question = "Where is my parcel?";
    const one = await execute(versions[0], question, "On its way.");
    const two = await execute(versions[1], question, "I do not know.");
    await execute(versions[1], "Something else?", "Yes.");
    const given = { input: undefined, output_a: undefined, output_b: undefined };
    const unversioned = { ...given, version_a: undefined, version_b: undefined };
    const { status, body: pair } = await submit({ ...unversioned, execution_a: one, execution_b: two });
    expect([status, pair.input_text, pair.output_a, pair.output_b]).toEqual([
      201,
      question,
      "On its way.",
      "I do not know.",
    ]);
    const other = await execute(versions[0], "Another?", "No.");
    const unequal = await submit({ ...unversioned, execution_a: one, execution_b: other });
    expect([unequal.status, unequal.body.errors?.[0]?.path]).toEqual([422, "body.execution_b"]);
    const make = async (): Promise<string[]> =>
      (
        await call<PairedExecutions>("reviewer", "POST", "/preferences/from-executions", {
          agent_id: "my-agent",
        })
      ).body.example_ids;
    // Those two are in a pair already.
    expect(await make()).toEqual([]);
    await execute(versions[0], "When do you open?", "At nine.");
    await execute(versions[1], "When do you open?", "At ten.");
    await execute(versions[1], "When do you open?", "At nine o'clock.");
    const made = await make();
    expect(made).toHaveLength(1);
    expect(await read(made[0] ?? "")).toMatchObject({
      example_type: "preference",
      input_text: "When do you open?",
      source_user_id: null,
      preferred_output: null,
      review_status: "pending",
    });
    await make();
    expect(await make()).toEqual([]);
  });

  it("ranks versions by what people said, with intervals, and without a contributor's pairs anew", async () => {
    expect(await preferences()).toMatchObject({ judgements: 0, versions: [] });
    for (let index = 0; index < 12; index += 1) {
      const { body } = await submit({ input: `question ${index}` });
      const preferred = index < 9 ? "A" : index < 11 ? "B" : "tie";
      const who: Who[] = ["annotator", "reviewer", "admin"];
      await say(who[index % 3] ?? "admin", body.id, { preferred });
    }
    const { body: rejected } = await submit({ input: "nonsense" });
    await say("annotator", rejected.id, undefined, { decision: "reject" });
    const found = await preferences();
    expect(found).toMatchObject({ judgements: 12, ties: 1, people: 3, truncated: false });
    expect(
      found.versions.map(({ version_id, wins, losses, ties }) => [version_id, wins, losses, ties]),
    ).toEqual([
      [versions[0], 9, 2, 1],
      [versions[1], 2, 9, 1],
    ]);
    for (const { strength, lower, upper, number } of found.versions) {
      expect(lower).toBeLessThanOrEqual(strength);
      expect(upper).toBeGreaterThanOrEqual(strength);
      expect(number).toBeGreaterThan(0);
    }
    await withSystem(suite.database.kysely, (tx) =>
      tx
        .updateTable("learning_examples")
        .set({ is_active: false })
        .where("organization_id", "=", organization.id)
        .where("preferred_output", "=", "A")
        .execute(),
    );
    expect(await preferences()).toMatchObject({ judgements: 3, people: 3 });
    const other = await createTestOrganization(suite.database);
    const hidden = await api.call(other, "GET", "/agents/my-agent/preferences");
    expect(hidden.status).toBe(404);
  });
});
