import type { DatasetDiff, DatasetDiffQuery } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { conflict, decodeCursor, notFound, toPage, unprocessable } from "../../http/index.ts";
import { countDifferences, type DifferenceRow, readDifferences } from "./diff-store.ts";
import { readDataset } from "./store.ts";

/**
 * What a dataset has that another has not, what it lacks, and what both have with other content or in another split.
 * @throws ProblemError not-found for either, unprocessable for datasets of two agents, conflict for a draft that was never built
 */
export async function diffDatasets({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: DatasetDiffQuery & { datasetId: string };
}): Promise<DatasetDiff> {
  const dataset = await readDataset(ctx, input.datasetId);
  if (dataset === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  const against = await readDataset(ctx, input.against);
  if (against === undefined) throw notFound("dataset", input.against, "query.against");
  if (against.agent_id !== dataset.agent_id)
    throw unprocessable("query.against", "is a dataset of another agent: compare versions of one agent");
  if (against.id === dataset.id) throw conflict("A dataset does not differ from itself. Name another.");
  const pair = { id: dataset.id, againstId: against.id };
  const rows = await readDifferences(ctx, pair, {
    change: input.change,
    afterId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: DifferenceRow): { time: Date; id: string } => ({
    time: new Date(0),
    id: row.learning_example_id,
  });
  const counts = await countDifferences(ctx, pair);
  return { counts, ...toPage(rows, input.limit, cursorOf, (row) => row) };
}
