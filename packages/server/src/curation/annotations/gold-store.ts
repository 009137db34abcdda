import type { SetGold } from "@agent-learning/contract";
import { type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { GoldAnswersTable } from "../../database/schema.ts";

export type GoldRow = Selectable<GoldAnswersTable>;

export async function readGold(ctx: TenantContext, exampleId: string): Promise<GoldRow | undefined> {
  return ctx.tx
    .selectFrom("gold_answers")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("learning_example_id", "=", exampleId)
    .executeTakeFirst();
}

/** By example, newest first. */
export async function readGoldAnswers(
  ctx: TenantContext,
  filter: { agentId: string; beforeId: string | undefined; limit: number },
): Promise<GoldRow[]> {
  let query = ctx.tx
    .selectFrom("gold_answers")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  if (filter.beforeId !== undefined) query = query.where("learning_example_id", "<", filter.beforeId);
  return query.orderBy("learning_example_id", "desc").limit(filter.limit).execute();
}

/** Writes the known answer, or another one; a retired one is in use again. */
export async function writeGold(
  ctx: TenantContext,
  agentId: string,
  userId: string,
  gold: SetGold,
): Promise<GoldRow> {
  const answer = {
    decision: gold.decision,
    technical_accuracy: gold.technical_accuracy ?? null,
    professional_quality: gold.professional_quality ?? null,
    completeness: gold.completeness ?? null,
    clarity: gold.clarity ?? null,
    created_by: userId,
  };
  return ctx.tx
    .insertInto("gold_answers")
    .values({
      organization_id: ctx.organizationId,
      learning_example_id: gold.learning_example_id,
      agent_id: agentId,
      ...answer,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["organization_id", "learning_example_id"])
        .doUpdateSet({ ...answer, retired_at: null }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function markRetired(ctx: TenantContext, exampleId: string): Promise<GoldRow> {
  return ctx.tx
    .updateTable("gold_answers")
    .set({ retired_at: sql<Date>`learning_now()` })
    .where("organization_id", "=", ctx.organizationId)
    .where("learning_example_id", "=", exampleId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
