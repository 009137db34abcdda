import type { Decision, GoldAnswer, GoldQuery, SetGold } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, decodeCursor, notFound, toPage, unprocessable } from "../../http/index.ts";
import { lockExample, retireTasks } from "../examples/index.ts";
import { changeOpenAnnotations, CounterLedger, fold } from "../statistics/index.ts";
import { reopenTasks } from "../tasks/index.ts";
import { requireAnnotator } from "./annotator.ts";
import { type GoldRow, markRetired, readGold, readGoldAnswers, writeGold } from "./gold-store.ts";

function presentGold(row: GoldRow): GoldAnswer {
  return {
    learning_example_id: row.learning_example_id,
    agent_id: row.agent_id,
    decision: row.decision as Decision,
    technical_accuracy: row.technical_accuracy,
    professional_quality: row.professional_quality,
    completeness: row.completeness,
    clarity: row.clarity,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    retired_at: row.retired_at?.toISOString() ?? null,
  };
}

/**
 * Says what the right answer to an example is. From then on it is handed out to measure annotators, looks like any other that
 * is in review, and is never learned from. Saying it again changes the answer for later annotations.
 * @throws ProblemError unprocessable for an unknown example, conflict for one whose review is over
 */
export async function setGold({ ctx, input }: { ctx: TenantContext; input: SetGold }): Promise<GoldAnswer> {
  const { userId } = requireAnnotator(ctx);
  const example = await lockExample(ctx, input.learning_example_id);
  if (example === undefined)
    throw unprocessable("body.learning_example_id", "is not a learning example of this organization");
  if (example.is_active !== true || !["pending", "in_review"].includes(example.review_status ?? ""))
    throw conflict("Only an active example that is in review can be gold: its status must not give it away.");
  const known = await readGold(ctx, example.id);
  if (known === undefined || known.retired_at !== null) await retireTasks(ctx, [example]);
  const row = await writeGold(ctx, example.agent_id, userId, { ...input, learning_example_id: example.id });
  await writeAudit(ctx, {
    action: "gold.set",
    entityType: "learning_example",
    entityId: example.id,
    data: { agent_id: example.agent_id },
  });
  return presentGold(row);
}

/** Gold answers of an agent, those that are retired too. @throws ProblemError not-found for the agent */
export async function listGold({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: GoldQuery;
}): Promise<{ data: GoldAnswer[]; next_cursor: string | null }> {
  const agent = await findAgent(ctx, input.agent_id, "query.agent_id");
  const rows = await readGoldAnswers(ctx, {
    agentId: agent.id,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: GoldRow): { time: Date; id: string } => ({
    time: row.created_at,
    id: row.learning_example_id,
  });
  return toPage(rows, input.limit, cursorOf, presentGold);
}

/**
 * Makes an example an ordinary one again, with the annotations that it wanted before. What was graded stays graded.
 * @throws ProblemError not-found, conflict when it is retired
 */
export async function retireGold({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { exampleId: string };
}): Promise<GoldAnswer> {
  const example = await lockExample(ctx, input.exampleId);
  const gold = await readGold(ctx, input.exampleId);
  if (example === undefined || gold === undefined)
    throw notFound("gold answer", input.exampleId, "path.exampleId");
  if (gold.retired_at !== null) throw conflict("The example is no gold any more.");
  // Whoever holds it finds the lease stale.
  await retireTasks(ctx, [example]);
  const row = await markRetired(ctx, example.id);
  const ledger = new CounterLedger();
  if (example.is_active === true)
    changeOpenAnnotations(ledger, example.agent_id, await reopenTasks(ctx, example.id));
  await fold(ctx, ledger);
  await writeAudit(ctx, {
    action: "gold.retired",
    entityType: "learning_example",
    entityId: example.id,
    data: { agent_id: example.agent_id },
  });
  return presentGold(row);
}
