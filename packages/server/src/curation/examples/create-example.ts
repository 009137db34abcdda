import {
  agentPolicy,
  type CreateLearningExample,
  type ExampleSource,
  type LearningExample,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { addExamples } from "./add-examples.ts";
import { groupKeyOf } from "./group-key.ts";
import { presentExample } from "./present-example.ts";
import { findSourceExecution } from "./source-store.ts";
import { readExample } from "./store.ts";

function sourceOf(ctx: TenantContext, input: CreateLearningExample): ExampleSource {
  if (input.source_type !== undefined) return input.source_type;
  if (input.example_type === "demonstration") return "expert_demonstration";
  if (ctx.actor.kind === "user" && input.example_type === "correction") return "expert_correction";
  return input.source_execution_id === undefined ? "import" : "execution";
}

function expectedOutput(input: CreateLearningExample): string {
  if (input.example_type !== "preference") return input.expected_output ?? "";
  return (input.preferred_output === "A" ? input.output_a : input.output_b) ?? "";
}

/**
 * Stores an example that somebody supplies, pending like any other. Who supplies it with a key of their own is its
 * contributor and cannot annotate it.
 * @param contributor who it is from, when not the caller; null: nobody in particular
 * @throws ProblemError not-found for the agent, unprocessable for the source execution
 */
export async function createExample({
  ctx,
  input,
  contributor = actorUserId(ctx),
}: {
  ctx: TenantContext;
  input: CreateLearningExample;
  contributor?: string | null;
}): Promise<LearningExample> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const execution =
    input.source_execution_id === undefined
      ? null
      : await findSourceExecution(ctx, agent.id, input.source_execution_id);
  const id = newId();
  const policy = agentPolicy.parse(agent.policy);
  await addExamples(
    ctx,
    [
      {
        id,
        agent_id: agent.id,
        example_type: input.example_type,
        input_text: input.input_text,
        input_context: input.input_context,
        original_output: input.original_output ?? null,
        expected_output: expectedOutput(input),
        output_a: input.output_a ?? null,
        output_b: input.output_b ?? null,
        preferred_output: input.preferred_output ?? null,
        preference_strength: input.preference_strength ?? null,
        domain: input.domain ?? null,
        task_type: input.task_type ?? null,
        complexity: input.complexity ?? null,
        jurisdictions: input.jurisdictions ?? [],
        tags: input.tags ?? [],
        confidence_score: input.confidence_score,
        source_type: sourceOf(ctx, input),
        source_user_id: contributor,
        source_execution_id: execution?.id ?? null,
        source_feedback_id: null,
        group_key:
          input.group_key === undefined
            ? groupKeyOf({ exampleId: id, execution })
            : `given:${input.group_key}`,
      },
    ],
    () => policy,
  );
  await writeAudit(ctx, {
    action: "example.created",
    entityType: "learning_example",
    entityId: id,
    data: { agent_id: agent.id, example_type: input.example_type, contributor },
  });
  const row = await readExample(ctx, id);
  if (row === undefined) throw new Error(`example ${id} is not there after its insert`);
  return presentExample(row);
}
