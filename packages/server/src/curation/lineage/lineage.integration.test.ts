import type { LearningExampleDetail } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { createVersion } from "../../administration/versions/index.ts";
import { agentVersionConfig } from "@agent-learning/contract";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { annotate, type Desk, openDesk, storeExecution, storeFeedback, supply } from "../curation.testing.ts";
import { createDataset, freezeDataset } from "../datasets/index.ts";
import { examplesFromEvidence, listExamples } from "../examples/index.ts";
import { getDatasetLineage, getExample } from "./index.ts";

const OPEN = {
  training: {
    annotation_overlap: 2,
    double_annotation_share: 0,
    min_human_verified: 0,
    min_doubly_annotated: 0,
  },
};

function look(desk: Desk, exampleId: string): Promise<LearningExampleDetail> {
  return desk.as("viewer").transact((ctx) => getExample({ ctx, input: { exampleId } }));
}

async function approved(desk: Desk): Promise<string> {
  const { id } = await supply(desk);
  await annotate(desk.as("annotator"), id);
  await annotate(desk.as("reviewer"), id);
  return id;
}

describeEachEngine("lineage of an example", (suite) => {
  it("leads back to the feedback and the execution", async () => {
    const desk = await openDesk(suite.database);
    const execution = await storeExecution(desk, { session_id: "s" });
    const feedback = await storeFeedback(desk, execution, {
      feedback_type: "rating",
      rating: 5,
      satisfaction: 1,
    });
    await desk
      .as("secret")
      .transact(
        (ctx) =>
          examplesFromEvidence.feedbackChanged?.(ctx, [{ execution, before: null, after: feedback }]) ??
          Promise.resolve(),
      );
    const { data } = await desk.as("viewer").transact((ctx) => listExamples({ ctx, input: { limit: 1 } }));
    expect((await look(desk, data[0]?.id ?? "")).lineage).toMatchObject({
      feedback: { id: feedback.id, feedback_type: "rating", rating: 5, status: "live" },
      execution: { id: execution.id, execution_id: execution.external_id, version_id: null, session_id: "s" },
    });
  });

  describe("leads on to versions", () => {
    it("that carry it as a demonstration", async () => {
      const desk = await openDesk(suite.database);
      const [used, unused] = [await supply(desk), await supply(desk)];
      const { version } = await desk.as("admin").transact((ctx) =>
        createVersion({
          ctx,
          input: {
            agentId: desk.agentId,
            origin: "manual",
            parentVersionId: null,
            config: agentVersionConfig.parse({
              runtime: "demonstrations",
              demonstrations: [{ input: "q", output: "a", example_id: used.id }],
            }),
          },
        }),
      );
      expect((await look(desk, used.id)).lineage.versions).toEqual([
        { id: version.id, number: version.number, training_run_id: null, via: "demonstration" },
      ]);
      expect((await look(desk, unused.id)).lineage.versions).toEqual([]);
    });

    it("that were learned from a training split that holds it", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      const ids = [await approved(desk), await approved(desk), await approved(desk), await approved(desk)];
      const split = { train: 0.5, validation: 0, test: 0.5 };
      const { id: datasetId } = await desk
        .as("admin")
        .transact((ctx) =>
          createDataset({ ctx, input: { agent_id: desk.agentId, name: "d", selection: {}, split } }),
        );
      await desk.as("admin").transact((ctx) => freezeDataset({ ctx, input: { datasetId } }));
      const run = newId();
      const version = newId();
      await desk.as("admin").transact(async (ctx) => {
        const organization_id = desk.organization.id;
        await ctx.tx
          .insertInto("training_runs")
          .values({
            organization_id,
            id: run,
            name: "run",
            agent_id: desk.agentId,
            dataset_id: datasetId,
            training_type: "prompt_optimization",
            config: json({}),
          })
          .execute();
        await ctx.tx
          .insertInto("agent_versions")
          .values({
            organization_id,
            id: version,
            agent_id: desk.agentId,
            number: 1,
            content_hash: "0",
            config: json({}),
            origin: "prompt_optimization",
            training_run_id: run,
          })
          .execute();
      });
      const forward = await desk
        .as("viewer")
        .transact((ctx) => getDatasetLineage({ ctx, input: { datasetId } }));
      expect(forward).toMatchObject({
        training_runs: [{ id: run, name: "run", training_type: "prompt_optimization", status: "pending" }],
        versions: [{ id: version, number: 1, training_run_id: run }],
        experiments: [],
        rollouts: [],
        serving: [],
        is_truncated: false,
      });
      for (const id of ids) {
        const { lineage } = await look(desk, id);
        const isTraining = lineage.datasets[0]?.split === "train";
        expect(lineage.versions).toEqual(
          isTraining ? [{ id: version, number: 1, training_run_id: run, via: "dataset" }] : [],
        );
      }
    });
  });

  it("ends at the organization", async () => {
    const desk = await openDesk(suite.database);
    const elsewhere = await supply(await openDesk(suite.database));
    await expect(look(desk, elsewhere.id)).rejects.toMatchObject({ type: "not-found" });
  });
});
