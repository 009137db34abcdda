import type {
  EvidenceObserver,
  FeedbackChange,
  StoredExecution,
} from "../../collection/evidence-observer.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { readToday } from "../statistics/index.ts";
import { priorityOf, revokeLeases } from "../tasks/index.ts";
import { addExamples, type ExampleToAdd } from "./add-examples.ts";
import { exampleFromExecution } from "./example-from-execution.ts";
import { type ExampleContent, exampleFromFeedback } from "./example-from-feedback.ts";
import { groupKeyOf } from "./group-key.ts";
import { planFeedbackChange, type PresentExample } from "./plan-feedback-change.ts";
import { retireTasks } from "./retire-tasks.ts";
import {
  type AgentSettings,
  lockFeedbackExamples,
  readAgentSettings,
  readDoubtfulExecutions,
  retireExamples,
  rewriteExample,
} from "./evidence-store.ts";

type Settings = ReadonlyMap<string, AgentSettings>;

function requireSettings(settings: Settings, agentId: string): AgentSettings {
  const found = settings.get(agentId);
  if (found === undefined) throw new Error(`evidence of agent ${agentId}, which is not in this organization`);
  return found;
}

function exampleOf(
  execution: StoredExecution,
  content: ExampleContent,
): Omit<ExampleToAdd, "source_type" | "source_user_id" | "source_feedback_id"> {
  const id = newId();
  return {
    ...content,
    id,
    agent_id: execution.agent_id,
    source_execution_id: execution.id,
    group_key: groupKeyOf({ exampleId: id, execution }),
  };
}

async function feedbackChanged(ctx: TenantContext, changes: readonly FeedbackChange[]): Promise<void> {
  const settings = await readAgentSettings(
    ctx,
    changes.map((change) => change.execution.agent_id),
    new Map(
      changes.flatMap(({ execution, settingsVersion }) =>
        settingsVersion === undefined ? [] : [[execution.agent_id, settingsVersion] as const],
      ),
    ),
  );
  const present = await lockFeedbackExamples(
    ctx,
    changes.flatMap(({ before }) => (before === null ? [] : [before.id])),
  );
  const withdrawn: { id: string; agent_id: string }[] = [];
  const deactivated: { id: string; agent_id: string }[] = [];
  const rewritten: { id: string; content: ExampleContent }[] = [];
  const added: ExampleToAdd[] = [];
  for (const { execution, before, after } of changes) {
    const { config } = requireSettings(settings, execution.agent_id);
    const wanted = after === null ? null : exampleFromFeedback(config, execution, after);
    const row = before === null ? undefined : present.get(before.id);
    const plan = planFeedbackChange(row as PresentExample | undefined, wanted);
    if (row !== undefined && plan.present === "withdraw") withdrawn.push(row);
    if (row !== undefined && plan.present === "deactivate") deactivated.push(row);
    if (row !== undefined && plan.present === "rewrite" && wanted !== null)
      rewritten.push({ id: row.id, content: wanted });
    if (plan.create && wanted !== null && after !== null)
      added.push({
        ...exampleOf(execution, wanted),
        source_type: "user_feedback",
        source_user_id: after.user_id,
        source_feedback_id: after.id,
      });
  }
  await retireExamples(
    ctx,
    withdrawn.map((row) => row.id),
    true,
  );
  await retireExamples(
    ctx,
    deactivated.map((row) => row.id),
    false,
  );
  for (const { id, content } of rewritten)
    await rewriteExample(ctx, id, { ...content, priority: priorityOf(content.example_type) });
  await revokeLeases(
    ctx,
    rewritten.map((row) => row.id),
  );
  if (withdrawn.length + deactivated.length > 0) await retireTasks(ctx, [...withdrawn, ...deactivated]);
  await addExamples(ctx, added, (agentId) => requireSettings(settings, agentId).policy);
}

const AUTOMATIC_METRICS = ["examples:failure", "examples:edge_case"];

async function executionsRecorded(ctx: TenantContext, executions: readonly StoredExecution[]): Promise<void> {
  const doubtful = await readDoubtfulExecutions(
    ctx,
    executions.map((execution) => execution.id),
  );
  if (doubtful.length === 0) return;
  const evidence = new Map(doubtful.map((row) => [row.id, row]));
  const concerned = executions.filter((execution) => evidence.has(execution.id));
  const agentIds = [...new Set(concerned.map((execution) => execution.agent_id))];
  const settings = await readAgentSettings(ctx, agentIds);
  const today = await readToday(ctx, AUTOMATIC_METRICS, agentIds);
  const added: ExampleToAdd[] = [];
  for (const execution of concerned) {
    const { config, policy } = requireSettings(settings, execution.agent_id);
    const found = evidence.get(execution.id);
    if (found === undefined) continue;
    const type = exampleFromExecution(config, policy.training, found);
    if (type === null) continue;
    const counter = `${execution.agent_id} examples:${type}`;
    const made = today.get(counter) ?? 0;
    if (made >= policy.training.max_automatic_examples_per_day) continue;
    today.set(counter, made + 1);
    added.push({
      ...exampleOf(execution, {
        example_type: type,
        input_text: execution.input_text,
        original_output: execution.output_text,
        expected_output: "",
      }),
      tags: execution.error_type === null ? [] : [`error:${execution.error_type}`],
      source_type: "execution",
      source_user_id: null,
      source_feedback_id: null,
    });
  }
  await addExamples(ctx, added, (agentId) => requireSettings(settings, agentId).policy);
}

/** Makes learning examples of evidence, by each agent's switches, in the transaction that stores the evidence. */
export const examplesFromEvidence: EvidenceObserver = { executionsRecorded, feedbackChanged };
