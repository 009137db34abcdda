import type { TenantContext } from "../../context.ts";
import type {
  AgentExecutionsTable,
  AgentFeedbackTable,
  LearningExamplesTable,
} from "../../database/schema.ts";
import type { Selectable } from "kysely";

type ExecutionSource = Pick<
  Selectable<AgentExecutionsTable>,
  "id" | "input_text" | "input_context" | "output_text" | "metadata"
>;
type FeedbackSource = Pick<Selectable<AgentFeedbackTable>, "id" | "execution_id" | "correction_text">;
type ExampleSource = Pick<Selectable<LearningExamplesTable>, "id" | "domain" | "task_type" | "tags">;

/** An execution of the agent by our id or the caller's. */
export async function selectExecution(
  ctx: TenantContext,
  agentId: string,
  by: { id: string } | { externalId: string },
): Promise<ExecutionSource | undefined> {
  const query = ctx.tx
    .selectFrom("agent_executions")
    .select(["id", "input_text", "input_context", "output_text", "metadata"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId);
  return "id" in by
    ? query.where("id", "=", by.id).executeTakeFirst()
    : query.where("external_id", "=", by.externalId).executeTakeFirst();
}

export async function selectFeedback(
  ctx: TenantContext,
  agentId: string,
  id: string,
): Promise<FeedbackSource | undefined> {
  return ctx.tx
    .selectFrom("agent_feedback")
    .select(["id", "execution_id", "correction_text"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("id", "=", id)
    .where("status", "=", "live")
    .executeTakeFirst();
}

/** The example that collection made of an execution, of this feedback first. */
export async function selectExampleOf(
  ctx: TenantContext,
  agentId: string,
  executionId: string,
  feedbackId: string | null,
): Promise<ExampleSource | undefined> {
  const examples = await ctx.tx
    .selectFrom("learning_examples")
    .select(["id", "domain", "task_type", "tags", "source_feedback_id"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("source_execution_id", "=", executionId)
    .orderBy("id")
    .limit(100)
    .execute();
  return examples.find((one) => one.source_feedback_id === feedbackId) ?? examples[0];
}
