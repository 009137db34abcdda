import { beforeEach, expect, it } from "vitest";
import { recordExecutions } from "./collection/index.ts";
import { anExecution } from "./collection/testing-evidence.testing.ts";
import { evidenceObservers } from "./evidence-observers.ts";
import { FeedbackCollector, type FeedbackSubmission } from "./feedback-collector.ts";
import { describeEachEngine } from "./testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "./testing/test-organization.ts";
import { createTestContext, createTestServices } from "./testing/test-services.ts";

describeEachEngine("FeedbackCollector", (suite) => {
  let organization: TestOrganization;
  let server: FeedbackCollector;
  let reviewer: FeedbackCollector;

  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    const services = createTestServices(suite.database, { evidenceObservers });
    const secret = createTestContext(services, organization, "secret");
    server = new FeedbackCollector(secret);
    reviewer = new FeedbackCollector(createTestContext(services, organization, "reviewer"));
    await secret.transact((ctx) =>
      recordExecutions(ctx, [{ execution: anExecution("abc-123"), path: "body" }]),
    );
  });

  const submit = (change: Partial<FeedbackSubmission> = {}): Promise<string> =>
    server.submitFeedback({
      executionId: "abc-123",
      agentId: "my-agent",
      userId: "user-1",
      feedbackType: "correction",
      rating: 2,
      feedbackText: null,
      correctionText: "Like that.",
      issueCategories: ["incorrect"],
      dimensions: { accuracy: 1 },
      ...change,
    });

  it("leads a correction to the people who judge it, and counts it", async () => {
    const id = await submit();
    expect(await server.getFeedbackStats("my-agent", { days: 7 })).toMatchObject({
      days: 7,
      feedback: 1,
      corrections: 1,
      average_rating: 2,
    });
    const issues = await server.getCommonIssues("my-agent");
    expect(issues.issues).toMatchObject([{ category: "incorrect", count: 1, recent_feedback_ids: [id] }]);

    const queue = await reviewer.getAnnotationQueue({ agentId: "my-agent", limit: 10 });
    const corrections = queue.data.filter(({ example }) => example.example_type === "correction");
    expect(corrections).toMatchObject([
      { example: { expected_output: "Like that.", original_output: "Like this." } },
    ]);
    const judged = await reviewer.submitAnnotation({
      learningExampleId: corrections[0]?.learning_example_id ?? "",
      decision: "approve",
      technicalAccuracy: 0.9,
      professionalQuality: 0.9,
      completeness: 0.9,
      clarity: 0.9,
    });
    expect(judged).toMatchObject({ outstanding: 0, example: { review_status: "approved" } });
    const after = await reviewer.getAnnotationQueue({ agentId: "my-agent" });
    expect(after.data.map((item) => item.learning_example_id)).not.toContain(judged.example.id);
  });

  it("refuses what the API refuses, naming the field", async () => {
    await expect(submit({ rating: 9 })).rejects.toMatchObject({
      type: "malformed-request",
      errors: [{ path: "body.rating" }],
    });
    await expect(submit({ correctionText: "Like this." })).rejects.toMatchObject({
      type: "unprocessable",
      errors: [{ path: "body.correction_text" }],
    });
    await expect(server.getFeedbackStats("my-agent", { days: 0 })).rejects.toMatchObject({
      errors: [{ path: "query.days" }],
    });
    await expect(server.getCommonIssues("nobody")).rejects.toMatchObject({ type: "not-found" });
  });
});
