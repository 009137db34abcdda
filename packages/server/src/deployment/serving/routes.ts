import {
  agentReference,
  rerank as rerankSchema,
  retrieve as retrieveSchema,
  retrievedTexts,
  reranked,
  revertServing as revertServingSchema,
  servingConfiguration,
  servingPointer,
  servingQuery,
  startServing as startServingSchema,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineFreeRoute, defineRoute, entityTag, type Route } from "../../http/index.ts";
import { awaitServing } from "./await-serving.ts";
import { readIfNoneMatch } from "./if-none-match.ts";
import { rerank } from "./rerank.ts";
import { presentPointer } from "./present-pointer.ts";
import { retrieve } from "./retrieve.ts";
import { revertServing } from "./revert-serving.ts";
import { startServing } from "./start-serving.ts";

const params = z.object({ agentId: agentReference });
const path = "/api/learning/agents/:agentId/serving";
const tag = "Serving";

/** What an environment runs, and how agents learn of it. */
export const servingRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "GET",
    path,
    operationId: "getServing",
    summary: "The versions and the split that an agent decides by",
    description:
      "The ETag is the revision. With If-None-Match: 304 while nothing changed, after up to `wait` seconds (long poll).",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params,
    query: servingQuery,
    responses: { 200: servingConfiguration, 304: null },
    handler: async ({ ctx, params: { agentId }, query, headers, reply, signal }) => {
      const { server } = reply.server;
      const { listening } = server;
      const { revision, configuration } = await awaitServing({
        ctx,
        input: {
          agent: agentId,
          environment: query.environment,
          known: readIfNoneMatch(headers["if-none-match"]),
          waitSeconds: query.wait,
          stop: () => listening && !server.listening,
          signal,
        },
      });
      const answered = { etag: entityTag(revision), "cache-control": "private, no-cache" };
      return configuration === undefined
        ? { status: 304, headers: answered }
        : { status: 200, body: configuration, headers: answered };
    },
  }),
  defineRoute({
    method: "POST",
    path,
    operationId: "startServing",
    summary: "Put a version into service",
    description: "Production: only while nothing serves there; afterwards versions are released by rollouts.",
    tag,
    access: { user: "admin", machine: ["secret"] },
    params,
    body: startServingSchema,
    responses: { 200: servingPointer },
    handler: async ({ ctx, params: { agentId }, body }) => {
      const input = { agent: agentId, versionId: body.version_id, environment: body.environment };
      return { status: 200, body: presentPointer(await startServing({ ctx, input })) };
    },
  }),
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/rerank",
    operationId: "rerank",
    summary: "Put what a store found in the order that the agent has learned",
    description:
      "Changes nothing. `retrieval.ranking` of the version that serves `unit_id` says how. Record what was shown with its `ranker_version`.",
    tag: "Retrieval",
    access: { user: "viewer", machine: ["secret"] },
    body: rerankSchema,
    responses: { 200: reranked },
    handler: async ({ ctx, body }) => ({ status: 200, body: await rerank({ ctx, input: body }) }),
  }),
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/retrieve",
    operationId: "retrieve",
    summary: "Find chunks of the agent's documents",
    description:
      "Changes nothing. Record what was shown, with the scores and the `ranker_version` that stand here.",
    tag: "Retrieval",
    access: { user: "viewer", machine: ["secret"] },
    body: retrieveSchema,
    responses: { 200: retrievedTexts },
    handler: async ({ ctx, body }) => ({ status: 200, body: await retrieve({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/revert`,
    operationId: "revertServing",
    summary: "Go back to the version that served before",
    tag,
    access: { user: "reviewer", machine: [] },
    params,
    body: revertServingSchema,
    responses: { 200: servingPointer },
    handler: async ({ ctx, params: { agentId }, body }) => {
      const pointer = await revertServing({ ctx, input: { agent: agentId, revert: body } });
      return { status: 200, body: presentPointer(pointer) };
    },
  }),
];
