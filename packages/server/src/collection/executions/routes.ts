import {
  agentReference,
  execution,
  EXECUTION_STATUSES,
  externalId,
  page,
  pageQuery,
  recordedExecution,
  recordedExecutions,
  recordExecutions,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineFreeRoute, defineRoute, type Route } from "../../http/index.ts";
import { getExecution, listExecutions } from "./read-executions.ts";
import { submitExecutions } from "./submit-executions.ts";

const tag = "Executions";
const byAgent = z.object({ agentId: agentReference });
const BODY_LIMIT = 8 * 1024 * 1024;

/** Executions: what agents did. */
export const executionRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/executions",
    operationId: "recordExecutions",
    summary: "Record one execution, or up to 500, all or none",
    description:
      "Answered after the commit. Idempotent by agent and execution id: a repeated one is a duplicate and answers with the " +
      "first one's id. An execution with a split is the exposure of its unit.",
    tag,
    access: { user: "admin", machine: ["secret"] },
    body: recordExecutions,
    bodyLimit: BODY_LIMIT,
    responses: { 200: recordedExecution, 201: z.union([recordedExecution, recordedExecutions]) },
    handler: ({ ctx, body, headers }) => submitExecutions(ctx, body, headers),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/executions/:agentId",
    operationId: "listExecutions",
    summary: "List an agent's executions, newest first",
    description:
      "With `tool` those that called it, among the newest 1,000 that tell of tool calls: the ones that behaviour learning looks at.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: byAgent,
    query: pageQuery.extend({
      status: z.enum(EXECUTION_STATUSES).optional(),
      version_id: uuid.optional(),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
      tool: z.string().min(1).max(100).optional(),
    }),
    responses: { 200: page(execution) },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await listExecutions({ ctx, input: { agent: params.agentId, ...query } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/executions/:agentId/:executionId",
    operationId: "getExecution",
    summary: "Get one execution by the caller's own id or ours",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: byAgent.extend({ executionId: externalId }),
    responses: { 200: execution },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getExecution({ ctx, input: { agent: params.agentId, execution: params.executionId } }),
    }),
  }),
];
