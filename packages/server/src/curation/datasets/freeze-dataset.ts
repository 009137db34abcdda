import type { DatasetCard, DatasetDetail, DatasetGate } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound, ProblemError } from "../../http/index.ts";
import { buildItems, type StoredSelection } from "./build-items.ts";
import { presentDatasetDetail } from "./present-dataset.ts";
import { lockAgentDatasets, lockDataset, readDataset, writeBuild } from "./store.ts";

function assertPassed(gates: readonly DatasetGate[]): void {
  const failed = gates.filter((gate) => !gate.passed);
  if (failed.length === 0) return;
  throw new ProblemError(
    "unprocessable",
    `The dataset cannot be frozen: ${failed.map((gate) => gate.message).join(" ")}`,
    { errors: failed.map((gate) => ({ path: `dataset.${gate.name}`, message: gate.message })) },
  );
}

/**
 * Freezes a draft: takes the present state of its examples (those that no longer qualify fall out), holds it to the agent's
 * thresholds, and fixes items, splits and content hash for good.
 * @throws ProblemError not-found, conflict when it is no draft, unprocessable with one error for each threshold that it misses
 */
export async function freezeDataset({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { datasetId: string };
}): Promise<DatasetDetail> {
  const found = await readDataset(ctx, input.datasetId);
  if (found === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  await lockAgentDatasets(ctx, found.agent_id);
  const draft = (await lockDataset(ctx, found.id)) ?? found;
  if (draft.status !== "draft")
    throw conflict(`The dataset is ${draft.status} already. Build another to take in what is new.`);
  const agent = await findAgent(ctx, draft.agent_id, "path.datasetId");
  const build = await buildItems(ctx, {
    datasetId: draft.id,
    agent,
    selection: draft.selection as unknown as StoredSelection,
    draft: draft.card as unknown as DatasetCard,
  });
  assertPassed(build.card.gates);
  const row = await writeBuild(ctx, draft.id, build, true);
  await writeAudit(ctx, {
    action: "dataset.frozen",
    entityType: "training_dataset",
    entityId: row.id,
    data: {
      content_hash: row.content_hash,
      total_examples: row.total_examples,
      fallen_out: (draft.total_examples ?? 0) - (row.total_examples ?? 0),
      human_verified_percentage: row.human_verified_percentage,
      agreement: row.agreement,
      doubly_annotated: row.doubly_annotated,
    },
  });
  return presentDatasetDetail(row);
}
