import type { LearningExample } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import type { FeedbackChange, StoredExecution, StoredFeedback } from "../../collection/evidence-observer.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { claimAnnotation, submitAnnotation } from "../annotations/index.ts";
import {
  annotate,
  type Desk,
  judgement,
  openDesk,
  storeExecution,
  storeFeedback,
} from "../curation.testing.ts";
import { examplesFromEvidence, listExamples } from "./index.ts";

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };

async function observe(desk: Desk, changes: readonly FeedbackChange[]): Promise<void> {
  await desk
    .as("secret")
    .transact((ctx) => examplesFromEvidence.feedbackChanged?.(ctx, changes) ?? Promise.resolve());
}

async function observeExecutions(desk: Desk, executions: readonly StoredExecution[]): Promise<void> {
  await desk
    .as("secret")
    .transact((ctx) => examplesFromEvidence.executionsRecorded?.(ctx, executions) ?? Promise.resolve());
}

async function examplesOf(desk: Desk): Promise<LearningExample[]> {
  const { data } = await desk
    .as("viewer")
    .transact((ctx) => listExamples({ ctx, input: { limit: 200, agent_id: desk.agentId } }));
  return data;
}

/** Stores feedback and tells curation of it. */
async function give(
  desk: Desk,
  values: Partial<StoredFeedback> & { feedback_type: string },
  execution?: StoredExecution,
): Promise<{ execution: StoredExecution; feedback: StoredFeedback }> {
  const source = execution ?? (await storeExecution(desk));
  const feedback = await storeFeedback(desk, source, values);
  await observe(desk, [{ execution: source, before: null, after: feedback }]);
  return { execution: source, feedback };
}

/** Puts an example into a frozen dataset, by hand. */
async function freezeInto(desk: Desk, example: LearningExample): Promise<void> {
  await desk.as("admin").transact(async (ctx) => {
    const dataset_id = newId();
    const organization_id = desk.organization.id;
    await ctx.tx
      .insertInto("training_datasets")
      .values({ organization_id, id: dataset_id, name: dataset_id, version: "1", agent_id: desk.agentId })
      .execute();
    await ctx.tx
      .insertInto("training_dataset_items")
      .values({
        organization_id,
        dataset_id,
        position: 0,
        learning_example_id: example.id,
        split: "train",
        group_key: example.group_key,
        item: json({}),
        item_hash: "0",
      })
      .execute();
    await ctx.tx
      .updateTable("training_datasets")
      .set({ status: "frozen" })
      .where("id", "=", dataset_id)
      .execute();
  });
}

describeEachEngine("examples from evidence", (suite) => {
  it("makes a pending correction that keeps the original output and the context", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const execution = await storeExecution(desk, {
      session_id: "session 7",
      input_context: { country: "DE" },
      metadata: { confidence: 0.75 },
    });
    const { feedback } = await give(
      desk,
      { feedback_type: "correction", correction_text: "better" },
      execution,
    );
    expect(await examplesOf(desk)).toMatchObject([
      {
        example_type: "correction",
        input_text: execution.input_text,
        input_context: { country: "DE" },
        original_output: "answer",
        expected_output: "better",
        review_status: "pending",
        quality_score: null,
        confidence_score: 0.75,
        source_type: "user_feedback",
        source_user_id: desk.organization.endUserId,
        source_execution_id: execution.id,
        source_feedback_id: feedback.id,
        group_key: "session:session 7",
        is_active: true,
        version: 1,
      },
    ]);
  });

  it("counts a member's correction as an expert's, which that member cannot annotate", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const { annotator } = desk.organization.members;
    await give(desk, { feedback_type: "correction", correction_text: "better", user_id: annotator.id });
    expect(await examplesOf(desk)).toMatchObject([
      { source_type: "expert_correction", source_user_id: annotator.id },
    ]);
    const claim = (who: "annotator" | "reviewer"): ReturnType<typeof claimAnnotation> =>
      desk.as(who).transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
    expect(await claim("annotator")).toBeNull();
    expect(await claim("reviewer")).not.toBeNull();
  });

  it("follows the switches as they are when the evidence comes", async () => {
    const collection = (values: object): object => ({ feedback_collection: values });
    const made = async (
      config: object,
      values: Partial<StoredFeedback> & { feedback_type: string },
    ): Promise<string[]> => {
      const desk = await openDesk(suite.database, { config });
      await give(desk, values);
      return (await examplesOf(desk)).map(({ example_type }) => example_type);
    };
    const up = { feedback_type: "thumbs_up", satisfaction: 1 };
    const three = { feedback_type: "rating", rating: 3, satisfaction: 0.5 };
    const correction = { feedback_type: "correction", correction_text: "better" };
    expect(await made({}, up)).toEqual(["positive"]);
    expect(await made({ learning_enabled: false }, up)).toEqual([]);
    expect(await made(collection({ auto_collect: false }), up)).toEqual([]);
    expect(await made({}, three)).toEqual([]);
    expect(await made(collection({ min_rating_for_positive: 3 }), three)).toEqual(["positive"]);
    expect(await made({}, correction)).toEqual(["correction"]);
    expect(await made(collection({ collect_corrections: false }), correction)).toEqual([]);
  });

  it("takes 500 pieces of feedback at once, with a task for each annotation wanted", async () => {
    const desk = await openDesk(suite.database, {
      policy: { training: { annotation_overlap: 1, double_annotation_share: 0.2 } },
    });
    const changes: FeedbackChange[] = [];
    for (let index = 0; index < 500; index += 1) {
      const execution = await storeExecution(desk);
      const feedback_type = index % 2 === 0 ? "thumbs_up" : "thumbs_down";
      changes.push({
        execution,
        before: null,
        after: await storeFeedback(desk, execution, { feedback_type }),
      });
    }
    await observe(desk, changes);
    const tasks = await desk
      .as("admin")
      .transact((ctx) =>
        ctx.tx
          .selectFrom("annotation_tasks")
          .select(["learning_example_id", "slot", "status"])
          .where("agent_id", "=", desk.agentId)
          .execute(),
      );
    const second = tasks.filter(({ slot }) => slot === 2);
    expect(tasks.length).toBe(500 + second.length);
    // 20 % of 500, standard deviation 9.
    expect(second.length).toBeGreaterThan(55);
    expect(second.length).toBeLessThan(145);
    expect(new Set(tasks.filter(({ slot }) => slot === 1).map(({ status }) => status))).toEqual(
      new Set(["open"]),
    );
    expect(new Set(second.map(({ status }) => status))).toEqual(new Set(["waiting"]));
  });

  describe("when feedback changes", () => {
    it("rewrites an example that nobody has judged, under whoever holds it", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, {
        feedback_type: "correction",
        correction_text: "better",
      });
      const claimed = await desk
        .as("annotator")
        .transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
      const after = { ...feedback, correction_text: "best" };
      await observe(desk, [{ execution, before: feedback, after }]);
      const [example, ...others] = await examplesOf(desk);
      expect(others).toEqual([]);
      expect(example).toMatchObject({ id: claimed?.example.id, expected_output: "best", version: 2 });
      const token = { task_id: claimed?.task.id ?? "", fencing_token: claimed?.task.fencing_token ?? 0 };
      const late = desk
        .as("annotator")
        .transact((ctx) => submitAnnotation({ ctx, input: { ...judgement(example?.id ?? ""), ...token } }));
      await expect(late).rejects.toMatchObject({ type: "conflict" });
      await annotate(desk.as("annotator"), example?.id ?? "");
    });

    it("changes the type with the vote, and the place in the queue", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, { feedback_type: "thumbs_up" });
      await observe(desk, [
        { execution, before: feedback, after: { ...feedback, feedback_type: "thumbs_down" } },
      ]);
      expect(await examplesOf(desk)).toMatchObject([{ example_type: "negative", expected_output: "" }]);
      const task = await desk
        .as("annotator")
        .transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } }));
      expect(task?.task.priority).toBe(50);
    });

    it("makes an example when feedback comes to say something, and withdraws it when it does no more", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, { feedback_type: "rating", rating: 3 });
      expect(await examplesOf(desk)).toEqual([]);
      const five = { ...feedback, rating: 5 };
      await observe(desk, [{ execution, before: feedback, after: five }]);
      expect(await examplesOf(desk)).toMatchObject([{ example_type: "positive", review_status: "pending" }]);
      await observe(desk, [{ execution, before: five, after: feedback }]);
      expect(await examplesOf(desk)).toMatchObject([{ review_status: "withdrawn", is_active: false }]);
    });

    it("withdraws an example with its feedback, and its tasks with it", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, { feedback_type: "thumbs_down" });
      await observe(desk, [{ execution, before: feedback, after: null }]);
      expect(await examplesOf(desk)).toMatchObject([{ review_status: "withdrawn", is_active: false }]);
      expect(
        await desk.as("annotator").transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60 } })),
      ).toBeNull();
    });

    it("starts anew once somebody has judged it", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, {
        feedback_type: "correction",
        correction_text: "better",
      });
      const [first] = await examplesOf(desk);
      await annotate(desk.as("annotator"), first?.id ?? "");
      const after = { ...feedback, correction_text: "best" };
      await observe(desk, [{ execution, before: feedback, after }]);
      expect(await examplesOf(desk)).toMatchObject([
        {
          expected_output: "best",
          review_status: "pending",
          is_active: true,
          source_feedback_id: feedback.id,
        },
        { id: first?.id, expected_output: "better", review_status: "withdrawn", is_active: false },
      ]);
    });

    it("leaves what a frozen dataset holds as it was, inactive", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const { execution, feedback } = await give(desk, {
        feedback_type: "correction",
        correction_text: "better",
      });
      const [first] = await examplesOf(desk);
      if (first === undefined) throw new Error("no example was made");
      await annotate(desk.as("annotator"), first.id);
      await freezeInto(desk, first);
      await observe(desk, [{ execution, before: feedback, after: null }]);
      expect(await examplesOf(desk)).toMatchObject([
        { id: first.id, expected_output: "better", review_status: "approved", is_active: false },
      ]);
    });
  });

  describe("without a vote", () => {
    it("makes failures of what failed and edge cases of what the agent doubted", async () => {
      const desk = await openDesk(suite.database);
      const failed = await storeExecution(desk, {
        status: "failed",
        error_type: "timeout",
        output_text: null,
      });
      const doubted = await storeExecution(desk, { metadata: { confidence: 0.1 }, input_context: { a: 1 } });
      const sure = await storeExecution(desk, { metadata: { confidence: 0.9 } });
      const silent = await storeExecution(desk, { metadata: { confidence: "low" } });
      await observeExecutions(desk, [failed, doubted, sure, silent, await storeExecution(desk)]);
      const made = (await examplesOf(desk)).sort((a, b) => (a.example_type < b.example_type ? -1 : 1));
      expect(made).toMatchObject([
        {
          example_type: "edge_case",
          source_execution_id: doubted.id,
          input_context: { a: 1 },
          original_output: "answer",
          expected_output: "",
          confidence_score: 0.1,
          source_type: "execution",
          source_user_id: null,
        },
        {
          example_type: "failure",
          source_execution_id: failed.id,
          original_output: null,
          expected_output: "",
          tags: ["error:timeout"],
        },
      ]);
    });

    it("needs auto_collect", async () => {
      const desk = await openDesk(suite.database, {
        config: { feedback_collection: { auto_collect: false } },
      });
      await observeExecutions(desk, [await storeExecution(desk, { status: "failed" })]);
      expect(await examplesOf(desk)).toEqual([]);
    });

    it("makes no more of each a day than the policy says", async () => {
      const desk = await openDesk(suite.database, {
        policy: { training: { max_automatic_examples_per_day: 3 } },
      });
      const failed = async (): Promise<StoredExecution> => storeExecution(desk, { status: "failed" });
      await observeExecutions(desk, [await failed(), await failed()]);
      await observeExecutions(desk, [
        await failed(),
        await failed(),
        await storeExecution(desk, { metadata: { confidence: 0 } }),
      ]);
      await observeExecutions(desk, [await failed()]);
      const types = (await examplesOf(desk)).map(({ example_type }) => example_type);
      expect(types.filter((type) => type === "failure").length).toBe(3);
      expect(types.filter((type) => type === "edge_case").length).toBe(1);
    });
  });
});
