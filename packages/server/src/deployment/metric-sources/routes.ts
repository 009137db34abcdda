import { agentReference, metricName, metricSource, reportMetricSource } from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { learningNow } from "../../database/index.ts";
import { defineRoute, type Route } from "../../http/index.ts";
import { presentSource } from "./present-source.ts";
import { reportSource } from "./report-source.ts";
import { selectSources } from "./store.ts";

const path = "/api/learning/agents/:agentId/metric-sources";
const tag = "Rollouts";

/** Whether the places that metrics come from are well: a rollout concludes nothing from the silence of one that is not. */
export const metricSourceRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path,
    operationId: "listMetricSources",
    summary: "What is known of the sources of an agent's metrics",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    responses: { 200: z.object({ data: z.array(metricSource) }) },
    handler: async ({ ctx, params }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const now = await learningNow(ctx.tx);
      const rows = await selectSources(ctx, agent.id);
      return { status: 200, body: { data: rows.map((row) => presentSource(row, now)) } };
    },
  }),
  defineRoute({
    method: "PUT",
    path: `${path}/:metric`,
    operationId: "reportMetricSource",
    summary: "Say how the source of a metric is",
    description:
      "While it is failing, or has missed two heartbeats, running rollouts hold: silence of the candidate rolls nothing back.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference, metric: metricName }),
    body: reportMetricSource,
    responses: { 200: metricSource },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await reportSource({
        ctx,
        input: { agent: params.agentId, metric: params.metric, report: body },
      }),
    }),
  }),
];
