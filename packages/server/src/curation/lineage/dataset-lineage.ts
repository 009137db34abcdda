import type { DatasetLineage, DatasetStatus, SupersedingReason } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { descendantsOf } from "./descendants.ts";

/**
 * What a dataset replaces and what replaces it, what was learned from it, and what became of that.
 * @throws ProblemError not-found
 */
export async function getDatasetLineage({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { datasetId: string };
}): Promise<DatasetLineage> {
  const of = ctx.tx
    .selectFrom("training_datasets")
    .select(["id", "version", "status", "supersedes_id", "supersedes_reason", "erased_items"])
    .where("organization_id", "=", ctx.organizationId);
  const dataset = await of.where("id", "=", input.datasetId).executeTakeFirst();
  if (dataset === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  const before =
    dataset.supersedes_id === null
      ? undefined
      : await of.where("id", "=", dataset.supersedes_id).executeTakeFirst();
  const after = await of.where("supersedes_id", "=", dataset.id).executeTakeFirst();
  return {
    dataset_id: dataset.id,
    supersedes:
      before === undefined
        ? null
        : {
            dataset_id: before.id,
            version: before.version,
            reason: reasonOf(dataset),
            erased_items: before.erased_items,
          },
    superseded_by:
      after === undefined
        ? null
        : {
            dataset_id: after.id,
            version: after.version,
            reason: reasonOf(after),
            status: (after.status ?? "draft") as DatasetStatus,
          },
    ...(await descendantsOf(ctx, { datasetIds: [dataset.id] })),
  };
}

function reasonOf({ supersedes_reason }: { supersedes_reason: string | null }): SupersedingReason {
  return supersedes_reason === "distrust" ? "distrust" : "erasure";
}
