import { agentPreferences, agentReference } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { rankVersions } from "./rank-versions.ts";

export const preferenceRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId/preferences",
    operationId: "getAgentPreferences",
    summary: "How strongly people prefer each version's answers",
    description:
      "Bradley–Terry strengths of the versions by what people said of approved pairs, each with an interval over the people. Computed when asked, from what may be learned from now.",
    tag: "Training",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    responses: { 200: agentPreferences },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await rankVersions({ ctx, input: { agent: params.agentId } }),
    }),
  }),
];
