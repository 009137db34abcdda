import {
  agentReference,
  externalId,
  page,
  pageQuery,
  recordedRetrieval,
  recordedRetrievals,
  recordRetrievals as recordRetrievalsSchema,
  retrieval,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineFreeRoute, defineRoute, type Route } from "../../http/index.ts";
import { ingestOnce } from "../ingestion/create-ingest.ts";
import { requireAll } from "../ingestion/outcome.ts";
import { listRetrievals } from "./list-retrievals.ts";
import { recordRetrievals } from "./record-retrievals.ts";

const tag = "Retrievals";
const BODY_LIMIT = 8 * 1024 * 1024;

/** Retrievals: what an agent was given to read. */
export const retrievalRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/retrievals",
    operationId: "recordRetrievals",
    summary: "Record one retrieval, or up to 500, all or none",
    description:
      "Idempotent by id or, without one, by execution and query. Attached to its execution when that arrives.",
    tag,
    access: { user: "admin", machine: ["secret"] },
    body: recordRetrievalsSchema,
    bodyLimit: BODY_LIMIT,
    responses: { 201: z.union([recordedRetrieval, recordedRetrievals]) },
    handler: ({ ctx, body, headers }) => {
      const inputs = body.items.map((item, index) => ({
        retrieval: item,
        path: body.batch ? `body.retrievals.${index}` : "body",
      }));
      const request = { operation: "recordRetrievals", headers, input: body };
      return ingestOnce(ctx, request, async (tenant) => {
        const results = requireAll(await recordRetrievals(tenant, inputs));
        return { status: 201, body: body.batch ? { results } : results[0] };
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/retrievals/:agentId",
    operationId: "listRetrievals",
    summary: "List an agent's retrievals, newest first",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    query: pageQuery.extend({ execution_id: externalId.optional() }),
    responses: { 200: page(retrieval) },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await listRetrievals({ ctx, input: { agent: params.agentId, ...query } }),
    }),
  }),
];
