import { agentReference, behaviorPatterns, behaviorPatternsQuery } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { extractPatterns } from "./extract-patterns.ts";

export const behaviorRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId/behavior-patterns",
    operationId: "getBehaviorPatterns",
    summary: "How experts and the agent use tools, and where they differ",
    description:
      "From approved demonstrations whose steps name a `tool`, and from executions in production whose `metadata.tool_calls` is a list of `{ tool, failed?, duration_ms? }`. Computed when asked: without a contributor's examples it is as if there had never been any.",
    tag: "Training",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    query: behaviorPatternsQuery,
    responses: { 200: behaviorPatterns },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await extractPatterns({ ctx, input: { agent: params.agentId, ...query } }),
    }),
  }),
];
