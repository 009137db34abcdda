import { Readable } from "node:stream";
import {
  agentReference,
  createDataset as createDatasetSchema,
  dataset,
  datasetDetail,
  datasetDiff,
  datasetDiffQuery,
  datasetExportQuery,
  datasetQuery,
  page,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineFreeRoute, defineRoute, type Route } from "../../http/index.ts";
import { archiveDataset } from "./archive-dataset.ts";
import { createDataset } from "./create-dataset.ts";
import { diffDatasets } from "./diff-datasets.ts";
import { exportDataset } from "./export-dataset.ts";
import { freezeDataset } from "./freeze-dataset.ts";
import { getDataset, listDatasets } from "./read-datasets.ts";

const tag = "Datasets";
const params = z.object({ datasetId: uuid });
const readers = { user: "viewer", machine: ["secret"] } as const;
const builders = { user: "reviewer", machine: ["secret"] } as const;

/** Training datasets: drafts, frozen versions, exports. */
export const datasetRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/datasets",
    operationId: "createDataset",
    summary: "Build a draft from approved examples",
    tag,
    access: builders,
    body: createDatasetSchema,
    responses: { 201: datasetDetail },
    handler: async ({ ctx, body }) => ({ status: 201, body: await createDataset({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/datasets/:agentId",
    operationId: "listDatasets",
    summary: "List an agent's datasets, newest first",
    tag,
    access: readers,
    params: z.object({ agentId: agentReference }),
    query: datasetQuery,
    responses: { 200: page(dataset) },
    handler: async ({ ctx, params: { agentId }, query }) => ({
      status: 200,
      body: await listDatasets({ ctx, input: { ...query, agentId } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/datasets/by-id/:datasetId",
    operationId: "getDataset",
    summary: "Get a dataset with its card",
    tag,
    access: readers,
    params,
    responses: { 200: datasetDetail },
    handler: async ({ ctx, params: input }) => ({ status: 200, body: await getDataset({ ctx, input }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/datasets/:datasetId/freeze",
    operationId: "freezeDataset",
    summary: "Freeze a draft that meets the agent's thresholds",
    description: "422 with one error for each threshold that it misses, with the number and what to do.",
    tag,
    access: builders,
    params,
    responses: { 200: datasetDetail },
    handler: async ({ ctx, params: input }) => ({ status: 200, body: await freezeDataset({ ctx, input }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/datasets/:datasetId/archive",
    operationId: "archiveDataset",
    summary: "Put a dataset away",
    tag,
    access: builders,
    params,
    responses: { 200: datasetDetail },
    handler: async ({ ctx, params: input }) => ({ status: 200, body: await archiveDataset({ ctx, input }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/datasets/:datasetId/diff",
    operationId: "diffDatasets",
    summary: "What a dataset has that another has not, and the other way round",
    tag,
    access: readers,
    params,
    query: datasetDiffQuery,
    responses: { 200: datasetDiff },
    handler: async ({ ctx, params: { datasetId }, query }) => ({
      status: 200,
      body: await diffDatasets({ ctx, input: { ...query, datasetId } }),
    }),
  }),
  defineFreeRoute({
    method: "GET",
    path: "/api/learning/datasets/:datasetId/export",
    operationId: "exportDataset",
    summary: "Export a frozen dataset as JSON lines or Parquet",
    description:
      "`jsonl` and `parquet` hold everything; `chat`, `sharegpt`, `preference` and `kto` hold what has a place in them. The same bytes every time.",
    tag,
    access: readers,
    params,
    query: datasetExportQuery,
    responses: { 200: ["application/x-ndjson", "application/vnd.apache.parquet"] },
    handler: async ({ ctx, params: { datasetId }, query, reply }) => {
      const { dataset: row, chunks } = await exportDataset(ctx, { ...query, datasetId });
      const suffix = query.split === undefined ? "" : `-${query.split}`;
      const isParquet = query.format === "parquet";
      const ending = isParquet ? "parquet" : "jsonl";
      void reply.headers({
        "content-type": isParquet ? "application/vnd.apache.parquet" : "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="${datasetId}-${query.format}${suffix}.${ending}"`,
        "x-content-hash": row.content_hash ?? "",
      });
      await reply.send(Readable.from(chunks, { objectMode: false }));
      return "sent";
    },
  }),
];
