import {
  agentReference,
  annotation,
  annotationLease,
  annotationQuery,
  annotationQueueItem,
  annotationQueueQuery,
  annotationQueueStatistics as statisticsSchema,
  claimAnnotation as claimSchema,
  claimedAnnotation,
  page,
  releaseLease as releaseSchema,
  renewLease as renewSchema,
  submitAnnotation as submitSchema,
  submittedAnnotation,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { claimAnnotation } from "./claim-annotation.ts";
import { releaseLease, renewLease } from "./leases.ts";
import { listAnnotations } from "./list-annotations.ts";
import { listAnnotationQueue } from "./list-queue.ts";
import { annotationQueueStatistics } from "./queue-statistics.ts";
import { submitAnnotation } from "./submit-annotation.ts";
import { verifyAnnotation } from "./verify-annotation.ts";

const tag = "Annotations";
const people = { user: "annotator", machine: [] } as const;
const readers = { user: "viewer", machine: ["secret"] } as const;
const taskParams = z.object({ taskId: uuid });

/** The annotation queue, its leases, and what people say of examples. */
export const annotationRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/annotations/queue",
    operationId: "listAnnotationQueue",
    summary: "List annotations that are wanted, in order",
    description: "Shows; to work on one without doing what somebody else is doing, claim it.",
    tag,
    access: readers,
    query: annotationQueueQuery,
    responses: { 200: page(annotationQueueItem) },
    handler: async ({ ctx, query }) => ({
      status: 200,
      body: await listAnnotationQueue({ ctx, input: query }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/annotations/stats",
    operationId: "getAnnotationStatistics",
    summary: "Progress of the annotation queue, by person",
    tag,
    access: readers,
    query: z.object({ agent_id: agentReference.optional() }),
    responses: { 200: statisticsSchema },
    handler: async ({ ctx, query }) => ({
      status: 200,
      body: await annotationQueueStatistics({ ctx, input: { agentId: query.agent_id } }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations/claim",
    operationId: "claimAnnotation",
    summary: "Take the next annotation under a lease",
    description: "204 when there is none for the caller. No two people hold the same task.",
    tag,
    access: people,
    body: claimSchema,
    responses: { 200: claimedAnnotation, 204: null },
    handler: async ({ ctx, body }) => {
      const claimed = await claimAnnotation({ ctx, input: body });
      return claimed === null ? { status: 204 } : { status: 200, body: claimed };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations/tasks/:taskId/heartbeat",
    operationId: "renewAnnotationLease",
    summary: "Keep a lease",
    tag,
    access: people,
    params: taskParams,
    body: renewSchema,
    responses: { 200: annotationLease },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await renewLease({ ctx, input: { ...body, ...params } }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations/tasks/:taskId/release",
    operationId: "releaseAnnotationLease",
    summary: "Give a task back, or pass it on with a reason",
    tag,
    access: people,
    params: taskParams,
    body: releaseSchema,
    responses: { 200: annotationLease },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await releaseLease({ ctx, input: { ...body, ...params } }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations",
    operationId: "submitAnnotation",
    summary: "Submit an annotation",
    tag,
    access: people,
    body: submitSchema,
    bodyLimit: 4 * 1024 * 1024,
    responses: { 201: submittedAnnotation },
    handler: async ({ ctx, body }) => ({ status: 201, body: await submitAnnotation({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/annotations",
    operationId: "listAnnotations",
    summary: "List annotations, newest first",
    description: "Annotating is blind: of examples that are still in review only the caller's own are shown.",
    tag,
    access: readers,
    query: annotationQuery,
    responses: { 200: page(annotation) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listAnnotations({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations/:annotationId/verify",
    operationId: "verifyAnnotation",
    summary: "Verify somebody else's annotation",
    tag,
    access: { user: "reviewer", machine: [] },
    params: z.object({ annotationId: uuid }),
    responses: { 200: annotation },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await verifyAnnotation({ ctx, input: params }),
    }),
  }),
];
