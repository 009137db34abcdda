import {
  agentVersionConfig,
  type DatasetLineage,
  type FeedbackLineage,
  type LearningExampleDetail,
  type VersionLineage,
} from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { annotate, type Desk, openDesk, storeExecution, storeFeedback } from "../curation.testing.ts";
import { createDataset, freezeDataset } from "../datasets/index.ts";
import { examplesFromEvidence } from "../examples/index.ts";

const OPEN = {
  training: {
    annotation_overlap: 1,
    double_annotation_share: 0,
    min_quality_score: 0,
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
  },
};

describeEachEngine("lineage, both ways", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  async function correction(
    desk: Desk,
  ): Promise<{ feedbackId: string; executionId: string; exampleId: string }> {
    const execution = await storeExecution(desk, { session_id: newId() });
    const feedback = await storeFeedback(desk, execution, {
      feedback_type: "correction",
      correction_text: `better than ${execution.id}`,
    });
    const exampleId = await desk.as("secret").transact(async (ctx) => {
      await examplesFromEvidence.feedbackChanged?.(ctx, [{ execution, before: null, after: feedback }]);
      const row = await ctx.tx
        .selectFrom("learning_examples")
        .select("id")
        .where("source_feedback_id", "=", feedback.id)
        .executeTakeFirstOrThrow();
      return row.id;
    });
    await annotate(desk.as("annotator"), exampleId);
    return { feedbackId: feedback.id, executionId: execution.id, exampleId };
  }

  /** A version that a run made of the dataset, tried in an experiment, rolled out and in service. */
  async function bringToUsers(desk: Desk, datasetId: string): Promise<Record<string, string>> {
    const ids = {
      runId: newId(),
      controlId: newId(),
      versionId: newId(),
      experimentId: newId(),
      rolloutId: newId(),
    };
    const owned = { organization_id: desk.organization.id, agent_id: desk.agentId };
    const version = { ...owned, config: json(agentVersionConfig.parse({})) };
    await desk.as("admin").transact(async ({ tx }) => {
      await tx
        .insertInto("training_runs")
        .values({
          ...owned,
          id: ids.runId,
          name: "the run",
          dataset_id: datasetId,
          training_type: "prompt_optimization",
          config: json({}),
          status: "completed",
        })
        .execute();
      await tx
        .insertInto("agent_versions")
        .values([
          { ...version, id: ids.controlId, number: 1, content_hash: "a".repeat(64), origin: "manual" },
          {
            ...version,
            id: ids.versionId,
            number: 2,
            content_hash: "b".repeat(64),
            origin: "prompt_optimization",
            training_run_id: ids.runId,
          },
        ])
        .execute();
      await tx
        .insertInto("learning_experiments")
        .values({
          ...owned,
          id: ids.experimentId,
          name: "the experiment",
          control_config: json({ version_id: ids.controlId }),
          treatment_config: json({ version_id: ids.versionId }),
          control_version_id: ids.controlId,
          treatment_version_id: ids.versionId,
          assignment_seed: "seed",
        })
        .execute();
      await tx
        .insertInto("rollouts")
        .values({
          ...owned,
          id: ids.rolloutId,
          baseline_version_id: ids.controlId,
          candidate_version_id: ids.versionId,
          stages: json([{ share: 1, hours: 0 }]),
          policy: json({}),
          significance_level: 0.05,
          assignment_seed: "seed",
        })
        .execute();
      await tx
        .insertInto("serving_pointers")
        .values({ ...owned, environment: "production", version_id: ids.versionId })
        .execute();
    });
    return ids;
  }

  it("from a feedback row to the rollout that it influenced, and back from there", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const read = async <T>(path: string): Promise<T> => {
      const { status, body } = await api.call<T>(desk.organization, "GET", path, { as: "viewer" });
      expect(status, JSON.stringify(body)).toBe(200);
      return body;
    };
    const made = [await correction(desk), await correction(desk)];
    const late = await correction(desk);
    await desk
      .as("admin")
      .transact((ctx) =>
        ctx.tx
          .updateTable("learning_examples")
          .set({ is_active: false })
          .where("id", "=", late.exampleId)
          .execute(),
      );
    const split = { train: 1, validation: 0, test: 0 };
    const { id: datasetId } = await desk
      .as("admin")
      .transact((ctx) =>
        createDataset({ ctx, input: { agent_id: desk.agentId, name: "support", selection: {}, split } }),
      );
    await desk.as("admin").transact((ctx) => freezeDataset({ ctx, input: { datasetId } }));
    const ids = await bringToUsers(desk, datasetId);
    const pinned = await api.call<{ id: string }>(desk.organization, "POST", "/regression-cases", {
      as: "annotator",
      body: { agent_id: "my-agent", feedback_id: made[0]?.feedbackId },
    });
    expect(pinned.status, JSON.stringify(pinned.body)).toBe(201);

    // Forward, from the row that a person wrote.
    const forward = await read<FeedbackLineage>(`/feedback/${made[0]?.feedbackId}/lineage`);
    expect(forward).toMatchObject({
      feedback_id: made[0]?.feedbackId,
      examples: [{ id: made[0]?.exampleId, example_type: "correction", review_status: "approved" }],
      datasets: [{ id: datasetId, name: "support", version: "1", status: "frozen", split: "train" }],
      regression_cases: [{ id: pinned.body.id, is_active: true }],
      training_runs: [{ id: ids["runId"], dataset_id: datasetId, status: "completed" }],
      versions: [
        { id: ids["versionId"], number: 2, training_run_id: ids["runId"], evidence_erased_at: null },
      ],
      experiments: [{ id: ids["experimentId"], treatment_version_id: ids["versionId"] }],
      rollouts: [{ id: ids["rolloutId"], candidate_version_id: ids["versionId"] }],
      serving: [{ version_id: ids["versionId"], environment: "production" }],
      is_truncated: false,
    });
    const fromDataset = await read<DatasetLineage>(`/datasets/${datasetId}/lineage`);
    expect(fromDataset).toMatchObject({
      supersedes: null,
      superseded_by: null,
      training_runs: forward.training_runs,
      versions: forward.versions,
      experiments: forward.experiments,
      rollouts: forward.rollouts,
      serving: forward.serving,
    });

    // Back, from the rollout and from the experiment alike.
    const rollout = await read<{ candidate_version_id: string }>(`/rollouts/${ids["rolloutId"]}`);
    const experiment = await read<{ treatment_config: unknown; treatment_version_id?: string }>(
      `/experiments/by-id/${ids["experimentId"]}`,
    );
    expect(JSON.stringify(experiment)).toContain(rollout.candidate_version_id);
    const back = await read<VersionLineage>(
      `/agents/my-agent/versions/${rollout.candidate_version_id}/lineage`,
    );
    expect(back).toMatchObject({
      version_id: ids["versionId"],
      training_run: { id: ids["runId"], name: "the run" },
      dataset: { id: datasetId, name: "support", erased_items: 0, superseded_by: null },
      experiments: forward.experiments,
      rollouts: forward.rollouts,
      serving: forward.serving,
      is_truncated: false,
    });
    expect(back.dataset?.content_hash).toMatch(/^[0-9a-f]{64}$/);
    const sources = made.map(({ exampleId, feedbackId, executionId }) => ({
      id: exampleId,
      feedback_id: feedbackId,
      execution_id: executionId,
      via: "dataset",
    }));
    expect(back.examples).toEqual(sources);
    const example = await read<LearningExampleDetail>(`/examples/${back.examples[0]?.id}`);
    expect(example.lineage.feedback?.id).toBe(made[0]?.feedbackId);

    // What nothing was made of leads nowhere.
    expect(await read<FeedbackLineage>(`/feedback/${late.feedbackId}/lineage`)).toMatchObject({
      examples: [{ id: late.exampleId }],
      datasets: [],
      training_runs: [],
      versions: [],
      rollouts: [],
    });
    expect(await read<VersionLineage>(`/agents/my-agent/versions/${ids["controlId"]}/lineage`)).toMatchObject(
      {
        training_run: null,
        dataset: null,
        examples: [],
        rollouts: [],
      },
    );
  });

  it("by demonstrations, without a dataset", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const { feedbackId, exampleId, executionId } = await correction(desk);
    const { body: version } = await api.call<{ id: string }>(
      desk.organization,
      "POST",
      "/agents/my-agent/versions",
      {
        body: {
          config: {
            runtime: "demonstrations",
            demonstrations: [{ input: "q", output: "a", example_id: exampleId }],
          },
        },
      },
    );
    const forward = await api.call<FeedbackLineage>(
      desk.organization,
      "GET",
      `/feedback/${feedbackId}/lineage`,
    );
    expect(forward.body.versions.map(({ id }) => id)).toEqual([version.id]);
    const back = await api.call<VersionLineage>(
      desk.organization,
      "GET",
      `/agents/my-agent/versions/${version.id}/lineage`,
    );
    expect(back.body.examples).toEqual([
      { id: exampleId, feedback_id: feedbackId, execution_id: executionId, via: "demonstration" },
    ]);
  });

  it("of nothing is not found, nor of another organization's", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const other = await openDesk(suite.database, { policy: OPEN });
    const { feedbackId } = await correction(other);
    for (const path of [
      `/feedback/${newId()}/lineage`,
      `/feedback/${feedbackId}/lineage`,
      `/agents/my-agent/versions/${newId()}/lineage`,
      `/agents/nobody/versions/${newId()}/lineage`,
    ])
      expect((await api.call(desk.organization, "GET", path)).status, path).toBe(404);
  });
});
