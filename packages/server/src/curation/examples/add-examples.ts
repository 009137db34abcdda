import type { AgentPolicy } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import {
  changeOpenAnnotations,
  CounterBuilder,
  CounterLedger,
  dayOf,
  fold,
  GAUGE_DAY,
  OPEN_ANNOTATIONS,
  TOTAL_EXAMPLES,
} from "../statistics/index.ts";
import { priorityOf, routeToQueues, slotsFor } from "../tasks/index.ts";
import { insertExamples, type NewExample } from "./store.ts";

/** An example that is to be stored; priority and annotation tasks follow from type, id and policy. */
export type ExampleToAdd = Omit<NewExample, "priority" | "task_ids">;

/**
 * Stores examples, asks for their annotations in the queue that wants them, and counts both. Every path by which examples come in ends here.
 * @param policyOf the policy of the example's agent
 */
export async function addExamples(
  ctx: TenantContext,
  examples: readonly ExampleToAdd[],
  policyOf: (agentId: string) => AgentPolicy,
): Promise<void> {
  if (examples.length === 0) return;
  const rows = examples.map((example): NewExample => {
    const slots = slotsFor(example.id, policyOf(example.agent_id).training);
    const taskIds = Array.from({ length: slots }, () => newId());
    return { ...example, priority: priorityOf(example.example_type), task_ids: taskIds };
  });
  const day = dayOf(await insertExamples(ctx, rows));
  const ledger = new CounterLedger();
  for (const [agentId, more] of await routeToQueues(ctx, rows, policyOf))
    changeOpenAnnotations(ledger, agentId, more);
  for (const row of rows) {
    const made = new CounterBuilder().count("examples").count(`examples:${row.example_type}`);
    const gauges = new CounterBuilder().count(TOTAL_EXAMPLES);
    for (let slot = 0; slot < row.task_ids.length; slot += 1) gauges.count(OPEN_ANNOTATIONS);
    ledger.add(row.agent_id, day, made.build()).add(row.agent_id, GAUGE_DAY, gauges.build());
  }
  await fold(ctx, ledger);
}
