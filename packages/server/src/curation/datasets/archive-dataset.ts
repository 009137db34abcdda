import type { DatasetDetail } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound } from "../../http/index.ts";
import { presentDatasetDetail } from "./present-dataset.ts";
import { archive, lockDataset } from "./store.ts";

/**
 * Puts a dataset away: no new run starts from it. What was learned from it, and its splits, stay.
 * @throws ProblemError not-found, conflict when it is archived
 */
export async function archiveDataset({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { datasetId: string };
}): Promise<DatasetDetail> {
  const found = await lockDataset(ctx, input.datasetId);
  if (found === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  if (found.status === "archived") throw conflict("The dataset is archived already.");
  const row = await archive(ctx, found.id);
  await writeAudit(ctx, {
    action: "dataset.archived",
    entityType: "training_dataset",
    entityId: row.id,
    data: { was: found.status },
  });
  return presentDatasetDetail(row);
}
