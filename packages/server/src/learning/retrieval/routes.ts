import { Readable } from "node:stream";
import {
  agentReference,
  embeddingDataQuery,
  retrievalArtifact,
  retrievalReport,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineFreeRoute, defineRoute, notFound, type Route } from "../../http/index.ts";
import { exportEmbeddingData } from "./export-embedding-data.ts";
import { readRetrievalReport } from "./read-report.ts";
import { readArtifact } from "./store.ts";

const tag = "Retrieval";

/** What retrieval has learned, to be used elsewhere. */
export const retrievalLearningRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/training-runs/by-id/:runId/retrieval",
    operationId: "getRetrievalReport",
    summary: "What a run of retrieval learning would change, and what people who looked at it say",
    description:
      "Queries with both lists and why each chunk moved, slices, error rates of the spot checks with their intervals, and how documents are cut.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ runId: uuid }),
    responses: { 200: retrievalReport },
    handler: async ({ ctx, params: input }) => ({
      status: 200,
      body: await readRetrievalReport({ ctx, input }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/retrieval-artifacts/:artifactId",
    operationId: "getRetrievalArtifact",
    summary: "What a version ranks by, to rank in the agent's own process",
    description:
      "Named by `retrieval.ranking.artifact_id` of a version. The SDK loads it and re-ranks without a call.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ artifactId: uuid }),
    responses: { 200: retrievalArtifact },
    handler: async ({ ctx, params }) => {
      const found = await readArtifact(ctx, params.artifactId);
      if (found === undefined) throw notFound("retrieval artifact", params.artifactId, "path.artifactId");
      const { memory, adapter: _adapter, ...artifact } = found.artifact;
      // Where a query came from stays here; embeddings are searched here alone.
      const body = {
        ...artifact,
        memory: memory.map(({ query, chunk, actor }) => ({ query, chunk, actor })),
      };
      return { status: 200, body, headers: { "cache-control": "private, max-age=60" } };
    },
  }),
  defineFreeRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId/embedding-data",
    operationId: "exportEmbeddingData",
    summary: "Queries, relevant chunks and hard negatives as JSON lines, to train an embedder elsewhere",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    query: embeddingDataQuery,
    responses: { 200: "application/x-ndjson" },
    handler: async ({ ctx, params, query, reply }) => {
      const lines = await exportEmbeddingData({ ctx, input: { agent: params.agentId, ...query } });
      void reply.headers({
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": 'attachment; filename="embedding-data.jsonl"',
      });
      await reply.send(Readable.from(lines, { objectMode: false }));
      return "sent";
    },
  }),
];
