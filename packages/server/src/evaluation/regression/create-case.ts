import {
  type CaseEvaluator,
  type CreateRegressionCase,
  type RegressionCase,
  agentPolicy,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { type Redactor, redactorOf } from "../../administration/redaction/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { createExample } from "../../curation/examples/index.ts";
import { unprocessable } from "../../http/index.ts";
import { type CaseSource, findSource } from "./find-source.ts";
import { slicesOf } from "./slices-of.ts";
import { insertCase, lockActiveCase, lockPinning, presentCase, replaceCase } from "./store.ts";

/** An evaluator without what the policy keeps out. A pattern with a part of it replaced would match something else. */
function redactEvaluator(evaluator: CaseEvaluator, redactor: Redactor): CaseEvaluator {
  if (evaluator.kind === "judge") return { ...evaluator, rubric: redactor.text(evaluator.rubric) };
  if (evaluator.kind === "regex" && redactor.text(evaluator.pattern) !== evaluator.pattern)
    throw unprocessable(
      "body.evaluator.pattern",
      "holds what this agent's policy keeps out of texts: describe it by its form",
    );
  return evaluator;
}

function redactSource(source: CaseSource, redactor: Redactor): CaseSource {
  return {
    ...source,
    inputText: redactor.text(source.inputText),
    inputContext: redactor.json(source.inputContext),
    expectedOutput: redactor.text(source.expectedOutput),
    originalOutput: redactor.text(source.originalOutput),
    evaluator: redactEvaluator(source.evaluator, redactor),
    intent: redactor.text(source.intent),
  };
}

async function exampleFor(ctx: TenantContext, agentId: string, source: CaseSource): Promise<string> {
  if (source.learningExampleId !== null) return source.learningExampleId;
  const isWrong = source.evaluator.kind === "differs";
  const example = await createExample({
    ctx,
    input: {
      agent_id: agentId,
      example_type: isWrong ? "failure" : "edge_case",
      input_text: source.inputText,
      // A wrong answer is nothing to be learned: its right one is for an expert to say.
      expected_output: isWrong ? "" : source.expectedOutput,
      ...(source.originalOutput === null ? {} : { original_output: source.originalOutput }),
      source_type: "regression_case",
      ...(source.sourceExecutionId === null ? {} : { source_execution_id: source.sourceExecutionId }),
    },
  });
  return example.id;
}

/**
 * Pins what must never break again: from an example, from an execution that failed, from feedback on one, or from given texts, all
 * redacted by the agent's policy. A case that has no example yet also becomes one, pending like any other, so that it can be learned
 * from. An execution or example that has an active case keeps that one: who says more about the right answer changes it.
 */
export async function createRegressionCase({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateRegressionCase;
}): Promise<{ case: RegressionCase; created: boolean }> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const redactor = await redactorOf(ctx, agentPolicy.parse(agent.policy));
  await lockPinning(ctx, agent.id);
  const source = redactSource(await findSource(ctx, agent.id, input), redactor);
  const known = await lockActiveCase(ctx, source);
  const content = {
    sourceFeedbackId: source.sourceFeedbackId,
    inputText: source.inputText,
    inputContext: source.inputContext,
    expectedOutput: source.expectedOutput,
    evaluator: source.evaluator,
    slice: input.slice,
    slices: slicesOf(
      input.slice,
      input.slices.map((name) => redactor.text(name)),
      source,
    ),
    isPinned: input.is_pinned,
  };
  if (known !== undefined) {
    const knewMore = (known.evaluator as { kind?: string }).kind !== "differs";
    // That an answer was wrong says less than what is right, and nothing of what is known already.
    const saysLess = source.evaluator.kind === "differs" && input.evaluator === undefined && knewMore;
    const row = saysLess ? known : await replaceCase(ctx, known, content);
    if (row !== known)
      await writeAudit(ctx, {
        action: "regression-case.updated",
        entityType: "regression_case",
        entityId: row.id,
        data: { agent_id: agent.id, slice: row.slice, is_pinned: row.is_pinned },
      });
    return { case: presentCase(row), created: false };
  }
  const row = await insertCase(ctx, {
    agentId: agent.id,
    learningExampleId: await exampleFor(ctx, agent.id, source),
    sourceExecutionId: source.sourceExecutionId,
    createdBy: actorUserId(ctx),
    ...content,
  });
  await writeAudit(ctx, {
    action: "regression-case.created",
    entityType: "regression_case",
    entityId: row.id,
    data: { agent_id: agent.id, slice: row.slice, is_pinned: row.is_pinned },
  });
  return { case: presentCase(row), created: true };
}
