import {
  agreementQuery,
  agentReference,
  annotationAgreement as agreementSchema,
  annotatorTrustReport,
  goldAnswer,
  goldQuery,
  page,
  setGold as setGoldSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { listGold, retireGold, setGold } from "../annotations/index.ts";
import { annotationAgreement } from "./annotation-agreement.ts";
import { annotatorTrust } from "./annotator-trust.ts";

const tag = "Annotators";
// Who may be asked gold must not read the answers: reviewers write and read them.
const reviewers = { user: "reviewer", machine: [] } as const;

/** How far annotators agree, and how far each can be relied on. */
export const annotatorRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/annotations/agreement",
    operationId: "getAnnotationAgreement",
    summary: "How far annotators of the same examples agree, with intervals",
    description: "On the decision and on each dimension; from the newest 20,000 annotations.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    query: agreementQuery,
    responses: { 200: agreementSchema },
    handler: async ({ ctx, query }) => ({
      status: 200,
      body: await annotationAgreement({ ctx, input: query }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/annotators",
    operationId: "getAnnotatorTrust",
    summary: "How far each annotator can be relied on",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    query: z.object({ agent_id: agentReference }),
    responses: { 200: annotatorTrustReport },
    handler: async ({ ctx, query }) => ({ status: 200, body: await annotatorTrust({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/gold",
    operationId: "setGold",
    summary: "Say what the right answer to an example is, to measure annotators",
    description:
      "The example is handed out like any other, at the gold share of a queue, and never learned from.",
    tag,
    access: reviewers,
    body: setGoldSchema,
    responses: { 200: goldAnswer },
    handler: async ({ ctx, body }) => ({ status: 200, body: await setGold({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/gold",
    operationId: "listGold",
    summary: "List known answers",
    tag,
    access: reviewers,
    query: goldQuery,
    responses: { 200: page(goldAnswer) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listGold({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/learning/gold/:exampleId",
    operationId: "retireGold",
    summary: "Make a gold example an ordinary one again",
    tag,
    access: reviewers,
    params: z.object({ exampleId: uuid }),
    responses: { 200: goldAnswer },
    handler: async ({ ctx, params }) => ({ status: 200, body: await retireGold({ ctx, input: params }) }),
  }),
];
