import { agentReference, learningStats } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { getStats } from "./get-stats.ts";
import { writePrometheus } from "./write-prometheus.ts";

/** What leads and dashboards ask, and what Prometheus scrapes for one organization. */
export const monitoringRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/stats",
    operationId: "getStats",
    summary: "Overall learning statistics, or one agent's",
    tag: "Monitoring",
    access: { user: "viewer", machine: ["secret"] },
    query: z.object({
      agent_id: agentReference.optional(),
      days: z.coerce.number().int().min(1).max(366).default(30),
    }),
    responses: { 200: learningStats },
    handler: async ({ ctx, query }) => ({
      status: 200,
      body: await getStats({ ctx, input: { agent: query.agent_id, days: query.days } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/metrics",
    operationId: "getAgentMetrics",
    summary: "The organization's metrics by agent, in Prometheus' text format",
    description: "For a scraper with a key. The process's own metrics are at /metrics.",
    tag: "Monitoring",
    access: { user: "viewer", machine: ["secret"] },
    responses: { 200: "text/plain; version=0.0.4; charset=utf-8" },
    handler: async ({ ctx }) => ({ status: 200, body: await writePrometheus(ctx) }),
  }),
];
