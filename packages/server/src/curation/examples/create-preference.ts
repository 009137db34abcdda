import { agentPolicy, type CreatePreference, type LearningExample } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { redactorOf } from "../../administration/redaction/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { addExamples } from "./add-examples.ts";
import { exampleOf, redactExample } from "./example-of.ts";
import { presentExample } from "./present-example.ts";
import { findSourceExecution, requireVersion, type SourceExecution } from "./source-store.ts";
import { readExample } from "./store.ts";

interface Side {
  output: string;
  versionId: string | null;
  execution: SourceExecution | null;
}

async function readSide(
  ctx: TenantContext,
  agentId: string,
  input: CreatePreference,
  side: "a" | "b",
): Promise<Side> {
  const [reference, versionId] = [input[`execution_${side}`], input[`version_${side}`]];
  if (reference === undefined) {
    if (versionId !== undefined) await requireVersion(ctx, agentId, versionId, `body.version_${side}`);
    return { output: input[`output_${side}`] ?? "", versionId: versionId ?? null, execution: null };
  }
  const path = `body.execution_${side}`;
  const execution = await findSourceExecution(ctx, agentId, reference, path);
  if (execution.output_text === null || execution.output_text === "")
    throw unprocessable(path, "gave no output that could be compared");
  return { output: execution.output_text, versionId: execution.version_id, execution };
}

/** The input that both outputs answer. */
function inputOf(input: CreatePreference, a: Side, b: Side): string {
  const known = [input.input, a.execution?.input_text, b.execution?.input_text];
  const [first = "", ...others] = known.filter((text) => text !== undefined);
  if (others.some((text) => text !== first)) {
    const path = input.input === undefined ? "body.execution_b" : "body.input";
    throw unprocessable(path, "is another input: two outputs are compared for the same one");
  }
  return first;
}

/**
 * Stores two answers to one input as a `preference` example. Pending like any other: people compare the two without being told what its
 * contributor prefers, or who gave them.
 * @throws ProblemError not-found for the agent, unprocessable for executions, versions, and outputs that are the same
 */
export async function createPreference({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreatePreference;
}): Promise<LearningExample> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const a = await readSide(ctx, agent.id, input, "a");
  const b = await readSide(ctx, agent.id, input, "b");
  const inputText = inputOf(input, a, b);
  if (a.output === b.output)
    throw unprocessable(
      input.execution_b === undefined ? "body.output_b" : "body.execution_b",
      "is the same output as the other one: there is nothing to compare",
    );
  const id = newId();
  const policy = agentPolicy.parse(agent.policy);
  const contributor = actorUserId(ctx);
  const source = a.execution ?? b.execution;
  const { domain, task_type, complexity, jurisdictions, tags } = input;
  const redacted = redactExample(
    {
      agent_id: agent.id,
      example_type: "preference",
      input_text: inputText,
      input_context: input.context ?? {},
      output_a: a.output,
      output_b: b.output,
      preferred_output: input.preferred,
      preference_strength: input.strength,
      domain,
      task_type,
      complexity,
      jurisdictions,
      tags,
    },
    await redactorOf(ctx, policy),
  );
  const example = exampleOf(redacted, {
    id,
    agentId: agent.id,
    execution: source,
    contributor,
    source: source === null ? "import" : "execution",
  });
  const sides = {
    version_a_id: a.versionId,
    version_b_id: b.versionId,
    execution_b_id: b.execution?.id ?? null,
  };
  await addExamples(ctx, [{ ...example, ...sides }], () => policy);
  await writeAudit(ctx, {
    action: "example.created",
    entityType: "learning_example",
    entityId: id,
    data: { agent_id: agent.id, example_type: "preference", contributor },
  });
  const row = await readExample(ctx, id);
  if (row === undefined) throw new Error(`example ${id} is not there after its insert`);
  return presentExample(row);
}
