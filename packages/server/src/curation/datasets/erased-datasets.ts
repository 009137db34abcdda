import type { DatasetCard, SupersedingReason } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { asSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { buildItems, type StoredSelection } from "./build-items.ts";
import { merkleLeaf } from "./dataset-item.ts";
import { copyLeftItems, hasSuccessor, reseal } from "./erased-store.ts";
import { readHashes } from "./items-store.ts";
import { REBUILD_JOB } from "./job-name.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { insertDataset, lockAgentDatasets, nextVersion, readDataset, writeBuild } from "./store.ts";

const PAGE = 5_000;

async function rootOf(ctx: TenantContext, datasetId: string): Promise<string> {
  const tree = new MerkleTree();
  for (let after = -1; ;) {
    const rows = await readHashes(ctx, datasetId, after, PAGE);
    for (const { item_hash, split } of rows) tree.append(merkleLeaf(item_hash, split));
    after = rows.at(-1)?.position ?? after;
    if (rows.length < PAGE) return tree.root();
  }
}

/**
 * After items of frozen datasets were emptied: gives each the hash of what it holds now, keeps the one from before, puts it away, and
 * has its successor built, in the transaction of the erasure.
 */
export async function resealErased(ctx: TenantContext, datasetIds: readonly string[]): Promise<void> {
  for (const id of datasetIds) {
    const found = await readDataset(ctx, id);
    if (found === undefined || found.status === "draft") continue;
    const hash = await rootOf(ctx, id);
    const row = await asSystem(ctx.tx, () => reseal(ctx, id, hash));
    await writeAudit(ctx, {
      action: "dataset.erased-from",
      entityType: "training_dataset",
      entityId: id,
      data: { was: found.status, erased_items: row.erased_items, content_hash: row.content_hash },
    });
    if (found.status === "frozen")
      await ctx.services.jobs.enqueue(ctx, REBUILD_JOB, { datasetId: id, reason: "erasure" });
  }
}

/**
 * Builds the version that follows a dataset from which people were erased, or in which contributions turned out to be poisoned: of its
 * other examples as they are now, in the splits that they had. Frozen at once where it still meets the agent's thresholds, else a draft
 * whose card says what it misses. Once for a dataset.
 */
export async function succeedDataset(
  ctx: TenantContext,
  datasetId: string,
  reason: SupersedingReason,
): Promise<void> {
  const old = await readDataset(ctx, datasetId);
  if (old === undefined) return;
  await lockAgentDatasets(ctx, old.agent_id);
  if (await hasSuccessor(ctx, old.id)) return;
  const agent = await findAgent(ctx, old.agent_id, "agent_id");
  const id = newId();
  const version = await nextVersion(ctx, agent.id, old.name);
  await insertDataset(ctx, {
    id,
    agentId: agent.id,
    name: old.name,
    description: old.description,
    version,
    selection: old.selection as object,
    createdBy: null,
    supersedes: { id: old.id, reason },
  });
  await copyLeftItems(ctx, { fromId: old.id, toId: id });
  const build = await buildItems(ctx, {
    datasetId: id,
    agent,
    selection: old.selection as unknown as StoredSelection,
    draft: old.card as unknown as DatasetCard,
  });
  const missed = build.card.gates.filter(({ passed }) => !passed).map(({ name }) => name);
  const row = await writeBuild(ctx, id, build, missed.length === 0);
  await writeAudit(ctx, {
    action: "dataset.succeeded",
    entityType: "training_dataset",
    entityId: id,
    data: {
      supersedes_id: old.id,
      reason,
      version,
      content_hash: row.content_hash,
      total_examples: row.total_examples,
      missed_gates: missed,
    },
  });
}
