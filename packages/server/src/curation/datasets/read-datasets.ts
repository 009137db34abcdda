import type { Dataset, DatasetDetail, DatasetQuery } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, notFound, toPage } from "../../http/index.ts";
import { presentDataset, presentDatasetDetail } from "./present-dataset.ts";
import { type DatasetRow, readDataset, readDatasets } from "./store.ts";

/**
 * An agent's datasets, newest first.
 * @throws ProblemError not-found for the agent
 */
export async function listDatasets({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: DatasetQuery & { agentId: string };
}): Promise<{ data: Dataset[]; next_cursor: string | null }> {
  const agent = await findAgent(ctx, input.agentId, "path.agentId");
  const rows = await readDatasets(ctx, {
    agentId: agent.id,
    status: input.status,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: DatasetRow): { time: Date; id: string } => ({
    time: row.created_at ?? new Date(0),
    id: row.id,
  });
  return toPage(rows, input.limit, cursorOf, presentDataset);
}

/** @throws ProblemError not-found */
export async function getDataset({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { datasetId: string };
}): Promise<DatasetDetail> {
  const row = await readDataset(ctx, input.datasetId);
  if (row === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  return presentDatasetDetail(row);
}

/** The agent's dataset that was frozen last, or undefined. @param agentId UUID */
export async function findNewestFrozenDataset(
  ctx: TenantContext,
  agentId: string,
): Promise<DatasetRow | undefined> {
  const [newest] = await readDatasets(ctx, { agentId, status: "frozen", beforeId: undefined, limit: 1 });
  return newest;
}
