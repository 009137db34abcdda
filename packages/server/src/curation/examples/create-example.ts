import {
  agentPolicy,
  type CreateLearningExample,
  type ExampleSource,
  type LearningExample,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { redactorOf } from "../../administration/redaction/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { addExamples } from "./add-examples.ts";
import { exampleOf, redactExample } from "./example-of.ts";
import { presentExample } from "./present-example.ts";
import { findSourceExecution } from "./source-store.ts";
import { readExample } from "./store.ts";

function sourceOf(ctx: TenantContext, input: CreateLearningExample): ExampleSource {
  if (input.source_type !== undefined) return input.source_type;
  if (input.example_type === "demonstration") return "expert_demonstration";
  if (ctx.actor.kind === "user" && input.example_type === "correction") return "expert_correction";
  return input.source_execution_id === undefined ? "import" : "execution";
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
  const origin = { id, agentId: agent.id, execution, contributor, source: sourceOf(ctx, input) };
  const redacted = redactExample(input, await redactorOf(ctx, policy));
  await addExamples(ctx, [exampleOf(redacted, origin)], () => policy);
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
