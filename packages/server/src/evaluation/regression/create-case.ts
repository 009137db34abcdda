import { type CreateRegressionCase, isUuid, type RegressionCase } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { createExample, readExample } from "../../curation/examples/index.ts";
import { unprocessable } from "../../http/index.ts";
import { insertCase, presentCase } from "./store.ts";

interface Source {
  inputText: string;
  inputContext: unknown;
  expectedOutput: string;
  learningExampleId: string | null;
  sourceExecutionId: string | null;
}

async function fromExample(
  ctx: TenantContext,
  agentId: string,
  id: string,
  expected: string | undefined,
): Promise<Source> {
  const example = await readExample(ctx, id);
  if (example?.agent_id !== agentId)
    throw unprocessable("body.learning_example_id", "is not an example of this agent");
  const expectedOutput = expected ?? example.expected_output;
  if (expectedOutput === "") {
    throw unprocessable(
      "body.expected_output",
      "is required: the example does not say yet what the answer should be",
    );
  }
  return {
    inputText: example.input_text,
    inputContext: example.input_context,
    expectedOutput,
    learningExampleId: example.id,
    sourceExecutionId: example.source_execution_id,
  };
}

async function fromExecution(
  ctx: TenantContext,
  agentId: string,
  id: string,
  expected: string,
): Promise<Source> {
  const execution = await ctx.tx
    .selectFrom("agent_executions")
    .select(["id", "input_text", "input_context"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where(isUuid(id) ? "id" : "external_id", "=", id)
    .executeTakeFirst();
  if (execution === undefined) throw unprocessable("body.execution_id", "is not an execution of this agent");
  return {
    inputText: execution.input_text,
    inputContext: execution.input_context,
    expectedOutput: expected,
    learningExampleId: null,
    sourceExecutionId: execution.id,
  };
}

/**
 * Pins what must never break again: from an example, from an execution that failed, or from given texts. A case from an execution or
 * from texts also becomes an `edge_case` example, pending like any other, so that it can be learned from.
 */
export async function createRegressionCase({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateRegressionCase;
}): Promise<RegressionCase> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const expected = input.expected_output ?? "";
  let source: Source;
  if (input.learning_example_id !== undefined) {
    source = await fromExample(ctx, agent.id, input.learning_example_id, input.expected_output);
  } else if (input.execution_id === undefined) {
    source = {
      inputText: input.input_text ?? "",
      inputContext: {},
      expectedOutput: expected,
      learningExampleId: null,
      sourceExecutionId: null,
    };
  } else source = await fromExecution(ctx, agent.id, input.execution_id, expected);
  if (source.learningExampleId === null) {
    const example = await createExample({
      ctx,
      input: {
        agent_id: agent.id,
        example_type: "edge_case",
        input_text: source.inputText,
        expected_output: source.expectedOutput,
        source_type: "regression_case",
        ...(source.sourceExecutionId === null ? {} : { source_execution_id: source.sourceExecutionId }),
      },
    });
    source.learningExampleId = example.id;
  }
  const row = await insertCase(ctx, {
    ...source,
    agentId: agent.id,
    evaluator: input.evaluator,
    slice: input.slice,
    isPinned: input.is_pinned,
    createdBy: actorUserId(ctx),
  });
  await writeAudit(ctx, {
    action: "regression-case.created",
    entityType: "regression_case",
    entityId: row.id,
    data: { agent_id: agent.id, slice: row.slice, is_pinned: row.is_pinned },
  });
  return presentCase(row);
}
