import { agentPolicy, type PairedExecutions, type PairExecutions } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { redactorOf } from "../../administration/redaction/index.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { addExamples } from "./add-examples.ts";
import { exampleOf, redactExample } from "./example-of.ts";
import { readAnsweredTwice } from "./pair-store.ts";

/**
 * Makes `preference` examples of what different versions answered to the same input in production, the newest first. Nobody contributed
 * them and nobody prefers anything yet: they wait to be compared. An execution is in one pair at most, however often this is asked.
 * @throws ProblemError not-found for the agent
 */
export async function pairExecutions({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: PairExecutions;
}): Promise<PairedExecutions> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const policy = agentPolicy.parse(agent.policy);
  const redactor = await redactorOf(ctx, policy);
  const pairs = await readAnsweredTwice(ctx, agent.id, input.days, input.limit);
  const examples = pairs.map((pair) => {
    const redacted = redactExample(
      {
        agent_id: agent.id,
        example_type: "preference",
        input_text: pair.input_text,
        input_context: {},
        output_a: pair.output_a,
        output_b: pair.output_b,
      },
      redactor,
    );
    const owner = {
      id: newId(),
      agentId: agent.id,
      execution: { id: pair.execution_a, session_id: pair.session_id },
      contributor: null,
      source: "execution" as const,
    };
    return {
      ...exampleOf(redacted, owner),
      version_a_id: pair.version_a,
      version_b_id: pair.version_b,
      execution_b_id: pair.execution_b,
    };
  });
  await addExamples(ctx, examples, () => policy);
  await writeAudit(ctx, {
    action: "example.paired",
    entityType: "agent",
    entityId: agent.id,
    data: { examples: examples.length, days: input.days },
  });
  return { example_ids: examples.map(({ id }) => id) };
}
