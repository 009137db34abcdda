import type { DatasetSplit } from "@agent-learning/contract";
import type { ContributedExample } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { inIndexOrder } from "../tasks/index.ts";

/** The policy of the agent that a dataset is of; undefined: there is no such dataset. */
export async function readDatasetPolicy(ctx: TenantContext, id: string): Promise<unknown> {
  const row = await ctx.tx
    .selectFrom("training_datasets as d")
    .innerJoin("agents as a", (join) =>
      join.onRef("a.organization_id", "=", "d.organization_id").onRef("a.id", "=", "d.agent_id"),
    )
    .select("a.policy")
    .where("d.organization_id", "=", ctx.organizationId)
    .where("d.id", "=", id)
    .executeTakeFirst();
  return row?.policy;
}

/** An item, and whether somebody other than its annotator verified it. */
export interface ContributedItem extends ContributedExample {
  verified: boolean;
}

/** The first items of a split that have an output, with who contributed their examples. */
export async function readContributedItems(
  ctx: TenantContext,
  datasetId: string,
  split: DatasetSplit,
  limit: number,
): Promise<ContributedItem[]> {
  const { rows } = await inIndexOrder(ctx, () =>
    sql<ContributedItem>`
      SELECT i.item->>'input_text' AS input, i.item->>'expected_output' AS output, x.source_user_id AS "contributorId",
        EXISTS (SELECT 1 FROM expert_annotations a WHERE a.organization_id = ${ctx.organizationId}
          AND a.learning_example_id = i.learning_example_id AND a.is_verified AND a.decision = 'approve'
          AND a.verified_by <> a.expert_id) AS verified
      FROM (SELECT * FROM training_dataset_items t WHERE t.organization_id = ${ctx.organizationId} AND t.dataset_id = ${datasetId}
        AND t.split = ${split} ORDER BY t.position LIMIT ${limit}) AS i
      CROSS JOIN LATERAL (
        SELECT source_user_id FROM learning_examples l
        WHERE l.organization_id = ${ctx.organizationId} AND l.id = i.learning_example_id OFFSET 0) AS x
      WHERE COALESCE(i.item->>'expected_output', '') <> '' ORDER BY i.position`.execute(ctx.tx),
  );
  return rows;
}
