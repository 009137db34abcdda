import { type DatabaseConnection, json, withSystem } from "../database/index.ts";
import { newId } from "../new-id.ts";
import { createTestAgent, type TestOrganization } from "./test-organization.ts";

/**
 * One row of everything that has an id in a path, in one organization.
 * @returns path parameter → id; `agentId` is the agent's UUID
 */
export async function seedOneOfEach(
  database: DatabaseConnection,
  organization: TestOrganization,
): Promise<Readonly<Record<string, string>>> {
  const agentId = await createTestAgent(database, organization.id, { slug: `agent-${newId().slice(-6)}` });
  const ids = {
    agentId,
    versionId: newId(),
    executionId: newId(),
    // Of feedback, whose routes call it just that.
    id: newId(),
    exampleId: newId(),
    taskId: newId(),
    annotationId: newId(),
    datasetId: newId(),
    runId: newId(),
    experimentId: newId(),
    rolloutId: newId(),
    caseId: newId(),
    evaluationRunId: newId(),
    keyId: organization.secret.id,
    userId: organization.members.viewer.id,
    personId: organization.endUserId,
    metric: "metric_of_one_organization",
    suspicionId: newId(),
    queueId: newId(),
    artifactId: newId(),
    documentId: newId(),
  };
  const owned = { organization_id: organization.id, agent_id: agentId };
  const treatmentId = newId();
  await withSystem(database.kysely, async (tx) => {
    const version = { ...owned, config: json({}), origin: "manual" };
    await tx
      .insertInto("agent_versions")
      .values([
        { ...version, id: ids.versionId, number: 1, content_hash: "a".repeat(64) },
        { ...version, id: treatmentId, number: 2, content_hash: "b".repeat(64) },
      ])
      .execute();
    await tx
      .insertInto("annotation_queues")
      .values({ ...owned, id: ids.queueId, name: "queue" })
      .execute();
    await tx
      .insertInto("contribution_suspicions")
      .values({
        ...owned,
        id: ids.suspicionId,
        detector: "burst",
        example_ids: json([]),
        contributor_ids: json([]),
        ln_p_value: -20,
        sentence: "One person sent many.",
      })
      .execute();
    await tx
      .insertInto("agent_executions")
      .values({
        ...owned,
        id: ids.executionId,
        external_id: newId(),
        input_text: "question",
        status: "succeeded",
      })
      .execute();
    await tx
      .insertInto("agent_feedback")
      .values({
        ...owned,
        id: ids.id,
        execution_id: ids.executionId,
        user_id: organization.endUserId,
        feedback_type: "thumbs_up",
        satisfaction: 1,
      })
      .execute();
    await tx
      .insertInto("learning_examples")
      .values({
        ...owned,
        id: ids.exampleId,
        example_type: "positive",
        input_context: json({}),
        input_text: "question",
        expected_output: "answer",
        source_type: "import",
        group_key: ids.exampleId,
      })
      .execute();
    await tx
      .insertInto("annotation_tasks")
      .values({ ...owned, id: ids.taskId, learning_example_id: ids.exampleId, slot: 1 })
      .execute();
    await tx
      .insertInto("expert_annotations")
      .values({
        ...owned,
        id: ids.annotationId,
        learning_example_id: ids.exampleId,
        expert_id: organization.members.annotator.id,
        annotation_type: "review",
        annotation_data: json({}),
        decision: "approve",
      })
      .execute();
    await tx
      .insertInto("training_datasets")
      .values({ ...owned, id: ids.datasetId, name: "dataset", version: "1" })
      .execute();
    await tx
      .insertInto("training_runs")
      .values({
        ...owned,
        id: ids.runId,
        name: "run",
        training_type: "prompt_optimization",
        config: json({}),
        status: "completed",
      })
      .execute();
    await tx
      .insertInto("retrieval_artifacts")
      .values({
        ...owned,
        id: ids.artifactId,
        training_run_id: ids.runId,
        format: 2,
        content_hash: "c".repeat(64),
        body: json({ format: 2, memoryThreshold: 1, relevance: {}, speaks: "remembered", ranker: null }),
      })
      .execute();
    await tx
      .insertInto("documents")
      .values({
        ...owned,
        id: newId(),
        external_id: ids.documentId,
        body: "text",
        content_hash: "d".repeat(64),
      })
      .execute();
    await tx
      .insertInto("learning_experiments")
      .values({
        ...owned,
        id: ids.experimentId,
        name: "experiment",
        control_config: json({ version_id: ids.versionId }),
        treatment_config: json({ version_id: treatmentId }),
        control_version_id: ids.versionId,
        treatment_version_id: treatmentId,
        assignment_seed: "seed",
      })
      .execute();
    await tx
      .insertInto("rollouts")
      .values({
        ...owned,
        id: ids.rolloutId,
        baseline_version_id: ids.versionId,
        candidate_version_id: treatmentId,
        stages: json([{ share: 1, hours: 0 }]),
        policy: json({}),
        significance_level: 0.05,
        assignment_seed: "seed",
      })
      .execute();
    await tx
      .insertInto("metric_sources")
      .values({ ...owned, metric: ids.metric, status: "healthy" })
      .execute();
    await tx
      .insertInto("regression_cases")
      .values({ ...owned, id: ids.caseId, input_text: "question", expected_output: "answer" })
      .execute();
    await tx
      .insertInto("evaluation_runs")
      .values({
        ...owned,
        id: ids.evaluationRunId,
        candidate_version_id: ids.versionId,
        checks: json(["regression", "safety"]),
      })
      .execute();
  });
  return ids;
}
