import { agentPolicy, type CreateDataset, type DatasetDetail } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { ProblemError, unprocessable } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { buildItems, type StoredSelection } from "./build-items.ts";
import { presentDatasetDetail } from "./present-dataset.ts";
import { insertDataset, lockAgentDatasets, nextVersion, writeBuild } from "./store.ts";

/**
 * Builds a draft of an agent's approved, active examples of sufficient quality, split into train, validation and test. Its
 * card says how it stands to the thresholds; nothing is refused before it is frozen.
 * @throws ProblemError not-found for the agent, unprocessable for a quality below the policy's, conflict for a name and
 *   version that exist
 */
export async function createDataset({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateDataset;
}): Promise<DatasetDetail> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const least = agentPolicy.parse(agent.policy).training.min_quality_score;
  if ((input.selection.min_quality_score ?? 1) < least)
    throw unprocessable("body.selection.min_quality_score", `must be at least ${least}, the agent's policy`);
  await lockAgentDatasets(ctx, agent.id);
  const id = newId();
  const version = input.version ?? (await nextVersion(ctx, agent.id, input.name));
  const selection: StoredSelection = { ...input.selection, split: input.split };
  await insertDataset(ctx, {
    id,
    agentId: agent.id,
    name: input.name,
    description: input.description ?? null,
    version,
    selection,
    createdBy: actorUserId(ctx),
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new ProblemError(
      "conflict",
      `There is a version ${version} of ${JSON.stringify(input.name)} already. Choose another, or leave version out.`,
      { errors: [{ path: "body.version", message: "is taken" }], cause: error },
    );
  });
  const build = await buildItems(ctx, { datasetId: id, agent, selection, draft: undefined });
  const row = await writeBuild(ctx, id, build, false);
  await writeAudit(ctx, {
    action: "dataset.created",
    entityType: "training_dataset",
    entityId: id,
    data: { agent_id: agent.id, name: row.name, version, total_examples: row.total_examples },
  });
  return presentDatasetDetail(row);
}
