import {
  contributionsReview,
  contributionSuspicion,
  datasetInfluence,
  datasetInfluenceQuery,
  decideSuspicion as decideSuspicionSchema,
  page,
  reviewContributionsInput,
  suspicionQuery,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import { defineRoute, type Route } from "../../http/index.ts";
import { getDatasetInfluence } from "./dataset-influence.ts";
import { decideSuspicion } from "./decide-suspicion.ts";
import { listSuspicions } from "./list-suspicions.ts";
import { reviewAgentContributions } from "./review-agent-contributions.ts";

const tag = "Trust";

/** Contributions of end users that look poisoned. */
export const trustRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/trust/reviews",
    operationId: "reviewContributions",
    summary: "Look for poisoned corrections of end users and hold them back",
    description: "Happens by itself whenever a dataset is built.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: reviewContributionsInput,
    responses: { 200: contributionsReview },
    handler: async ({ ctx, body }) => {
      const agent = await findAgent(ctx, body.agent_id, "body.agent_id");
      return { status: 200, body: await reviewAgentContributions({ ctx, input: { agentId: agent.id } }) };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/trust/suspicions",
    operationId: "listSuspicions",
    summary: "List what detectors held back, newest first",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    query: suspicionQuery,
    responses: { 200: page(contributionSuspicion) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listSuspicions({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/trust/suspicions/:suspicionId/decision",
    operationId: "decideSuspicion",
    summary: "Release what was held back, or confirm that it is never learned from",
    tag,
    access: { user: "reviewer", machine: [] },
    params: z.object({ suspicionId: uuid }),
    body: decideSuspicionSchema,
    responses: { 200: contributionSuspicion },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await decideSuspicion({ ctx, input: { ...body, suspicionId: params.suspicionId } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/datasets/:datasetId/influence",
    operationId: "getDatasetInfluence",
    summary: "How a dataset's held-out score changes without each of its largest contributors",
    description:
      "Learned by the built-in agent from at most 2,000 training items and asked at most 300 held-out ones; look at it before what was learned is promoted.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: z.object({ datasetId: uuid }),
    query: datasetInfluenceQuery,
    responses: { 200: datasetInfluence },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await getDatasetInfluence({ ctx, input: { ...query, ...params } }),
    }),
  }),
];
