import type { LearningExample, LearningStats } from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Desk, openDesk } from "../../curation/curation.testing.ts";
import { examplesFromEvidence } from "../../curation/examples/index.ts";
import { withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";

// Ten executions, each told apart: two fail, one is left unfinished, latencies 100 to 1,000 ms.
const EXECUTIONS = Array.from({ length: 10 }, (_, index) => ({
  agent_id: "my-agent",
  execution_id: `run-${index}`,
  input_text: `question ${index}`,
  output_text: `answer ${index}`,
  status: index < 2 ? "failed" : "succeeded",
  latency_ms: (index + 1) * 100,
  task_completed: index >= 3,
}));

describeEachEngine("the guide's metrics", (suite) => {
  let api: TestApi;
  let desk: Desk;
  beforeAll(async () => {
    api = createTestApi(suite.database, { evidenceObservers: [examplesFromEvidence] });
    desk = await openDesk(suite.database, {});
    const post = async (path: string, body: unknown): Promise<void> => {
      const { status, body: answer } = await api.call(desk.organization, "POST", path, { body });
      expect(status, JSON.stringify(answer)).toBeLessThan(300);
    };
    await post("/executions", { executions: EXECUTIONS });
    const say = (execution: number, feedback: object): Promise<void> =>
      post("/feedback", {
        agent_id: "my-agent",
        execution_id: `run-${execution}`,
        user_id: `user-${execution}`,
        ...feedback,
      });
    await say(4, { feedback_type: "rating", rating: 5 });
    await say(5, { feedback_type: "rating", rating: 2 });
    await say(6, { feedback_type: "thumbs_up" });
    await say(7, { feedback_type: "correction", correction_text: "the right answer" });
    const { body } = await api.call<{ data: LearningExample[] }>(desk.organization, "GET", "/examples");
    const [example] = body.data;
    await post("/annotations", {
      learning_example_id: example?.id,
      annotation_type: "review",
      decision: "approve",
      technical_accuracy: 0.9,
      professional_quality: 0.9,
      completeness: 0.9,
      clarity: 0.9,
    });
    await withSystem(suite.database.kysely, (tx) =>
      tx
        .insertInto("training_runs")
        .values({
          organization_id: desk.organization.id,
          id: newId(),
          agent_id: desk.agentId,
          name: "done",
          training_type: "prompt_optimization",
          config: "{}" as never,
          status: "completed",
          completed_at: new Date(),
        })
        .execute(),
    );
  });
  afterAll(() => api.close());

  const statsOf = async (query: string): Promise<LearningStats> => {
    const { status, body } = await api.call<LearningStats>(desk.organization, "GET", `/stats${query}`);
    expect(status).toBe(200);
    return body;
  };

  it("follow from the rows, each with what it was computed from", async () => {
    const { performance, learning, engagement } = await statsOf("?agent_id=my-agent&days=7");
    expect(performance).toEqual({
      average_rating: { value: 3.5, numerator: 7, denominator: 2 },
      // Five stars, two stars, a thumb up; a correction alone is no vote.
      satisfaction: { value: 0.75, numerator: 2.25, denominator: 3 },
      task_completion_rate: { value: 0.7, numerator: 7, denominator: 10 },
      error_rate: { value: 0.2, numerator: 2, denominator: 10 },
      latency_ms: { value: 550, numerator: 5_500, denominator: 10 },
    });
    expect(learning).toMatchObject({
      annotations_per_day: { value: 1 / 7, numerator: 1, denominator: 7 },
      training_runs_completed: 1,
    });
    const { rows } = await api
      .call<{ data: LearningExample[] }>(desk.organization, "GET", "/examples")
      .then(({ body }) => ({ rows: body.data }));
    expect(learning.examples_per_day).toEqual({
      value: rows.length / 7,
      numerator: rows.length,
      denominator: 7,
    });
    const scored = rows.filter(({ quality_score: score }) => score !== null);
    expect(scored).toHaveLength(1);
    const tenth = Math.min(9, Math.floor((scored[0]?.quality_score ?? 0) * 10));
    expect(learning.quality_distribution).toEqual(
      Array.from({ length: 10 }, (_, index) => Number(index === tenth)),
    );
    expect(engagement).toEqual({
      feedback_rate: { value: 0.4, numerator: 4, denominator: 10 },
      correction_rate: { value: 0.25, numerator: 1, denominator: 4 },
      expert_annotation_rate: { value: 1 / rows.length, numerator: 1, denominator: rows.length },
      experiment_participation: { value: 0, numerator: 0, denominator: 10 },
    });
  });

  it("are the same over all agents, and by day", async () => {
    const one = await statsOf("?agent_id=my-agent&days=7");
    const all = await statsOf("?days=7");
    expect(all.performance).toEqual(one.performance);
    expect(all.engagement).toEqual(one.engagement);
    expect(one.series).toHaveLength(7);
    expect(one.series.at(-1)).toMatchObject({
      executions: 10,
      error_rate: 0.2,
      latency_ms: 550,
      task_completion_rate: 0.7,
      average_rating: 3.5,
      feedback: 4,
      corrections: 1,
      annotations: 1,
    });
  });

  it("are the same in Prometheus' text format", async () => {
    const response = await api.server.inject({
      url: "/api/learning/metrics",
      headers: { authorization: `Bearer ${desk.organization.members.admin.key}` },
    });
    expect(response.statusCode).toBe(200);
    const value = (name: string, labels = ""): number => {
      const found = new RegExp(`^${name}\\{agent="my-agent"${labels}\\} (\\S+)$`, "m").exec(response.body);
      return Number(found?.[1]);
    };
    const { performance, learning, engagement, ...stats } = await statsOf("?agent_id=my-agent&days=1");
    expect({
      rating: value("agent_learning_rating_mean"),
      satisfaction: value("agent_learning_satisfaction_ratio"),
      completion: value("agent_learning_task_completion_ratio"),
      errors: value("agent_learning_error_ratio"),
      latency: value("agent_learning_latency_seconds_mean"),
      examples: value("agent_learning_examples_today"),
      annotations: value("agent_learning_annotations_today"),
      quality: learning.quality_distribution.map((_, tenth) =>
        value("agent_learning_quality_scores", `,tenth="${tenth}"`),
      ),
      runs: value("agent_learning_training_runs_completed"),
      feedback: value("agent_learning_feedback_ratio"),
      corrections: value("agent_learning_correction_ratio"),
      experts: value("agent_learning_expert_annotation_ratio"),
      participation: value("agent_learning_experiment_participation_ratio"),
      pending: value("agent_learning_pending_annotations"),
    }).toEqual({
      rating: performance.average_rating.value,
      satisfaction: performance.satisfaction.value,
      completion: performance.task_completion_rate.value,
      errors: performance.error_rate.value,
      latency: (performance.latency_ms.value ?? 0) / 1_000,
      examples: learning.examples_per_day.numerator,
      annotations: learning.annotations_per_day.numerator,
      quality: learning.quality_distribution,
      runs: learning.training_runs_completed,
      feedback: engagement.feedback_rate.value,
      corrections: engagement.correction_rate.value,
      experts: engagement.expert_annotation_rate.value,
      participation: engagement.experiment_participation.value,
      pending: stats.pending_annotations,
    });
  });
});
