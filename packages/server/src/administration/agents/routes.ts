import {
  agent,
  agentReference,
  createAgent as createAgentSchema,
  page,
  pageQuery,
  updateAgent as updateAgentSchema,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, entityTag, requireIfMatch, type Route } from "../../http/index.ts";
import { createAgent } from "./create-agent.ts";
import { findAgent } from "./find-agent.ts";
import { listAgents } from "./list-agents.ts";
import { presentAgent } from "./present-agent.ts";
import { updateAgent } from "./update-agent.ts";

const params = z.object({ agentId: agentReference });

/** Agents: what is enabled for learning, with which policy. */
export const agentRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/agents",
    operationId: "createAgent",
    summary: "Create an agent",
    tag: "Agents",
    access: { user: "admin", machine: ["secret"] },
    body: createAgentSchema,
    responses: { 201: agent },
    handler: async ({ ctx, body }) => {
      const created = await createAgent({ ctx, input: body });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/agents",
    operationId: "listAgents",
    summary: "List agents",
    tag: "Agents",
    access: { user: "viewer", machine: ["secret"] },
    query: pageQuery.extend({ archived: z.stringbool().default(false) }),
    responses: { 200: page(agent) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listAgents({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId",
    operationId: "getAgent",
    summary: "Get an agent",
    tag: "Agents",
    access: { user: "viewer", machine: ["secret"] },
    params,
    responses: { 200: agent },
    handler: async ({ ctx, params: { agentId } }) => {
      const row = await findAgent(ctx, agentId, "path.agentId");
      return { status: 200, body: presentAgent(row), headers: { etag: entityTag(row.version) } };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/agents/:agentId",
    operationId: "updateAgent",
    summary: "Change an agent's settings or policy",
    description:
      "Needs If-Match with the agent's ETag. What of config and policy is not named stays as it is; lists and records change whole. A setting that there is not is refused.",
    tag: "Agents",
    access: { user: "admin", machine: [] },
    params,
    body: updateAgentSchema,
    responses: { 200: agent },
    handler: async ({ ctx, params: { agentId }, body, headers }) => {
      const expectedVersion = requireIfMatch(headers["if-match"]);
      const updated = await updateAgent({ ctx, input: { agent: agentId, expectedVersion, change: body } });
      return { status: 200, body: updated, headers: { etag: entityTag(updated.version) } };
    },
  }),
];
