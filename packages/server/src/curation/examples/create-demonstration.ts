import type { CreateDemonstration, JsonValue, LearningExample } from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { createExample } from "./create-example.ts";
import { findExpert } from "./source-store.ts";

/**
 * Stores how an expert does it as a pending `demonstration` example. Steps and rationale are kept in
 * `input_context.demonstration`, the expert is its contributor.
 * @throws ProblemError not-found for the agent, unprocessable for the expert or the source execution
 */
export async function createDemonstration({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateDemonstration;
}): Promise<LearningExample> {
  const expert = input.expert === undefined ? actorUserId(ctx) : await findExpert(ctx, input.expert);
  const { agent_id, input: inputText, context, steps, output, rationale, expert: _expert, ...labels } = input;
  const demonstration: Record<string, JsonValue> = {
    steps: steps.map((step): Record<string, JsonValue> => ({
      action: step.action,
      ...(step.tool === undefined ? {} : { tool: step.tool }),
      ...(step.arguments === undefined ? {} : { arguments: step.arguments }),
      ...(step.failed === undefined ? {} : { failed: step.failed }),
      ...(step.duration_ms === undefined ? {} : { duration_ms: step.duration_ms }),
      ...(step.observation === undefined ? {} : { observation: step.observation }),
      ...(step.rationale === undefined ? {} : { rationale: step.rationale }),
    })),
    ...(rationale === undefined ? {} : { rationale }),
  };
  return createExample({
    ctx,
    contributor: expert,
    input: {
      ...labels,
      agent_id,
      example_type: "demonstration",
      input_text: inputText,
      input_context: { ...context, demonstration },
      expected_output: output,
      source_type: "expert_demonstration",
    },
  });
}
