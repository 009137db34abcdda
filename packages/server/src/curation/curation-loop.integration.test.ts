import type {
  ClaimedAnnotation,
  Dataset,
  DatasetDetail,
  LearningExample,
  SubmittedAnnotation,
  SubmittedFeedback,
} from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../testing/test-api.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { type Desk, openDesk } from "./curation.testing.ts";
import { examplesFromEvidence } from "./examples/index.ts";

const POLICY = {
  training: {
    annotation_overlap: 2,
    double_annotation_share: 0,
    min_human_verified: 0.3,
    min_doubly_annotated: 20,
  },
};

// From the door to the dataset, over HTTP only: what an agent's users say becomes something to learn from.
describeEachEngine("feedback to dataset", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers: [examplesFromEvidence] });
  });
  afterAll(() => api.close());

  async function record(desk: Desk, count: number): Promise<string[]> {
    const executions = Array.from({ length: count }, (_, index) => ({
      agent_id: "my-agent",
      execution_id: `run ${index}`,
      session_id: `session ${index % 15}`,
      input_text: `question number ${index} about invoices, receipts and refunds`,
      output_text: `answer ${index}`,
      status: "succeeded",
    }));
    const answer = await api.call(desk.organization, "POST", "/executions", {
      as: "secret",
      body: { executions },
    });
    expect(answer.status).toBe(201);
    return executions.map(({ execution_id }) => execution_id);
  }

  async function examplesOf(desk: Desk): Promise<LearningExample[]> {
    const { body } = await api.call<{ data: LearningExample[] }>(
      desk.organization,
      "GET",
      "/examples?limit=200",
    );
    return body.data;
  }

  it("goes the whole way", async () => {
    const desk = await openDesk(suite.database, { policy: POLICY });
    const { organization } = desk;
    const executions = await record(desk, 30);
    const feedback = executions.map((execution_id, index) => ({
      agent_id: "my-agent",
      execution_id,
      user_id: `customer ${index % 7}`,
      ...(index % 3 === 0
        ? { feedback_type: "correction", correction_text: `better answer ${index}` }
        : { feedback_type: index % 3 === 1 ? "thumbs_up" : "thumbs_down" }),
    }));
    const stored = await api.call(organization, "POST", "/feedback/batch", {
      as: "secret",
      body: { feedback },
    });
    expect(stored.status).toBe(201);
    const made = Map.groupBy(await examplesOf(desk), (example) => example.example_type);
    expect([
      made.get("correction")?.length,
      made.get("positive")?.length,
      made.get("negative")?.length,
    ]).toEqual([10, 10, 10]);
    for (const as of ["annotator", "reviewer"] as const) {
      for (;;) {
        const claimed = await api.call<ClaimedAnnotation>(organization, "POST", "/annotations/claim", {
          as,
          body: {},
        });
        if (claimed.status === 204) break;
        const { task, example } = claimed.body;
        const quality = example.example_type === "negative" ? 0.75 : 0.9;
        const submitted = await api.call<SubmittedAnnotation>(organization, "POST", "/annotations", {
          as,
          body: {
            learning_example_id: example.id,
            task_id: task.id,
            fencing_token: task.fencing_token,
            decision: "approve",
            technical_accuracy: quality,
            professional_quality: quality,
            completeness: quality,
            clarity: quality,
          },
        });
        expect(submitted.status).toBe(201);
        const path = `/annotations/${submitted.body.annotation.id}/verify`;
        const verified = await api.call(organization, "POST", path, { as: "reviewer" });
        // Nobody verifies their own.
        expect(verified.status).toBe(as === "annotator" ? 200 : 403);
      }
    }
    const draft = await api.call<DatasetDetail>(organization, "POST", "/datasets", {
      as: "secret",
      body: { agent_id: "my-agent", name: "first" },
    });
    expect(draft.body.card.gates.map((gate) => [gate.name, gate.passed])).toEqual([
      ["examples", true],
      ["human_verified", true],
      ["doubly_annotated", true],
      ["agreement", true],
    ]);
    const frozen = await api.call<Dataset>(organization, "POST", `/datasets/${draft.body.id}/freeze`, {
      as: "secret",
    });
    expect(frozen).toMatchObject({
      status: 200,
      body: {
        total_examples: 30,
        positive_examples: 10,
        negative_examples: 10,
        correction_examples: 10,
        human_verified_percentage: 100,
        agreement: 1,
        doubly_annotated: 30,
      },
    });
  });

  it("follows feedback that is amended and withdrawn, and held feedback that finds its execution", async () => {
    const desk = await openDesk(suite.database);
    const { organization } = desk;
    const send = (body: object): Promise<{ status: number; body: SubmittedFeedback }> =>
      api.call(organization, "POST", "/feedback", {
        as: "secret",
        body: { agent_id: "my-agent", user_id: "u", ...body },
      });
    const held = await send({ execution_id: "run 0", feedback_type: "thumbs_down" });
    expect(held.body.status).toBe("held");
    expect(await examplesOf(desk)).toEqual([]);
    await record(desk, 2);
    expect(await examplesOf(desk)).toMatchObject([
      { example_type: "negative", source_feedback_id: held.body.id },
    ]);
    const correction = { feedback_type: "correction", correction_text: "better", execution_id: "run 1" };
    const { body: given } = await send(correction);
    expect((await examplesOf(desk)).map((example) => example.expected_output)).toEqual(["better", ""]);
    const amended = await api.call(organization, "PATCH", `/feedback/${given.id}`, {
      as: "secret",
      body: { correction_text: "best" },
      headers: { "if-match": `"${given.version}"` },
    });
    expect(amended.status).toBe(200);
    expect((await examplesOf(desk)).map((example) => example.expected_output)).toEqual(["best", ""]);
    const withdrawn = await api.call(organization, "DELETE", `/feedback/${given.id}`, {
      as: "secret",
      headers: { "if-match": `"${given.version + 1}"` },
    });
    expect([200, 204]).toContain(withdrawn.status);
    expect(await examplesOf(desk)).toMatchObject([
      { review_status: "withdrawn", is_active: false },
      { review_status: "pending", is_active: true },
    ]);
  });
});
