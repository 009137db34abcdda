import { type CaseEvaluator, type CreateRegressionCase, isUuid } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { readExample } from "../../curation/examples/index.ts";
import { unprocessable } from "../../http/index.ts";
import { selectExampleOf, selectExecution, selectFeedback } from "./source-store.ts";

/** Where a case comes from, and what its right answer is. */
export interface CaseSource {
  inputText: string;
  inputContext: unknown;
  /** Of the evaluator `differs`: the answer that is known to be wrong. */
  expectedOutput: string;
  evaluator: CaseEvaluator;
  /** What the agent answered then. */
  originalOutput: string | null;
  learningExampleId: string | null;
  sourceExecutionId: string | null;
  sourceFeedbackId: string | null;
  labels: { domain: string | null; task_type: string | null; tags: readonly string[] };
  intent: string | null;
}

const NO_LABELS = { domain: null, task_type: null, tags: [] };
const DEFAULT_EVALUATOR: CaseEvaluator = { kind: "normalised" };

function intentOf(context: unknown): string | null {
  const intent = (context as { intent?: unknown } | null)?.intent;
  return typeof intent === "string" && intent.trim() !== "" ? intent.trim().slice(0, 80) : null;
}

async function fromExample(
  ctx: TenantContext,
  agentId: string,
  id: string,
  input: CreateRegressionCase,
): Promise<CaseSource> {
  const example = await readExample(ctx, id);
  if (example?.agent_id !== agentId)
    throw unprocessable("body.learning_example_id", "is not an example of this agent");
  const expectedOutput = input.expected_output ?? example.expected_output;
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
    evaluator: input.evaluator ?? DEFAULT_EVALUATOR,
    originalOutput: example.original_output,
    learningExampleId: example.id,
    sourceExecutionId: example.source_execution_id,
    sourceFeedbackId: example.source_feedback_id,
    labels: {
      domain: example.domain,
      task_type: example.task_type,
      tags: (example.tags as unknown as string[] | null) ?? [],
    },
    intent: intentOf(example.input_context),
  };
}

async function fromExecution(
  ctx: TenantContext,
  agentId: string,
  id: string,
  input: CreateRegressionCase,
  correction: { text: string | null; feedbackId: string | null; path: string },
): Promise<CaseSource> {
  const execution = await selectExecution(ctx, agentId, isUuid(id) ? { id } : { externalId: id });
  if (execution === undefined) throw unprocessable(correction.path, "is not an execution of this agent");
  const known = input.expected_output ?? correction.text;
  const wrong = execution.output_text ?? "";
  if (known === null && input.evaluator !== undefined && input.evaluator.kind !== "differs") {
    throw unprocessable("body.expected_output", `is required by the evaluator ${input.evaluator.kind}`);
  }
  const example = await selectExampleOf(ctx, agentId, execution.id, correction.feedbackId);
  return {
    inputText: execution.input_text,
    inputContext: execution.input_context,
    expectedOutput: known ?? wrong,
    // Nobody said what is right, only that this was not.
    evaluator: input.evaluator ?? (known === null ? { kind: "differs" } : DEFAULT_EVALUATOR),
    originalOutput: execution.output_text,
    learningExampleId: example?.id ?? null,
    sourceExecutionId: execution.id,
    sourceFeedbackId: correction.feedbackId,
    labels:
      example === undefined
        ? NO_LABELS
        : {
            domain: example.domain,
            task_type: example.task_type,
            tags: (example.tags as string[] | null) ?? [],
          },
    intent: intentOf(execution.input_context) ?? intentOf(execution.metadata),
  };
}

/**
 * Reads what a case is made from. @throws ProblemError unprocessable when the source is not the agent's, or does not say what the
 * right answer is and the evaluator needs it
 */
export async function findSource(
  ctx: TenantContext,
  agentId: string,
  input: CreateRegressionCase,
): Promise<CaseSource> {
  if (input.learning_example_id !== undefined)
    return fromExample(ctx, agentId, input.learning_example_id, input);
  if (input.feedback_id !== undefined) {
    const feedback = await selectFeedback(ctx, agentId, input.feedback_id);
    if (feedback === undefined) throw unprocessable("body.feedback_id", "is not feedback on this agent");
    return fromExecution(ctx, agentId, feedback.execution_id, input, {
      text: feedback.correction_text,
      feedbackId: feedback.id,
      path: "body.feedback_id",
    });
  }
  if (input.execution_id !== undefined) {
    const correction = { text: null, feedbackId: null, path: "body.execution_id" };
    return fromExecution(ctx, agentId, input.execution_id, input, correction);
  }
  return {
    inputText: input.input_text ?? "",
    inputContext: {},
    expectedOutput: input.expected_output ?? "",
    evaluator: input.evaluator ?? DEFAULT_EVALUATOR,
    originalOutput: null,
    learningExampleId: null,
    sourceExecutionId: null,
    sourceFeedbackId: null,
    labels: NO_LABELS,
    intent: null,
  };
}
