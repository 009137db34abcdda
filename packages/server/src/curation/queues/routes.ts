import {
  annotationQueue,
  bulkDecision as bulkDecisionSchema,
  bulkResult,
  createQueue as createQueueSchema,
  page,
  queueProgress as queueProgressSchema,
  queueProgressQuery,
  queueQuery,
  secondLook as secondLookSchema,
  secondLookResult,
  updateQueue as updateQueueSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, entityTag, requireIfMatch, type Route } from "../../http/index.ts";
import { bulkDecision } from "./bulk-decision.ts";
import { createQueue, getQueue, listQueues, updateQueue } from "./manage-queues.ts";
import { queueProgress } from "./queue-progress.ts";
import { takeSecondLook } from "./second-look.ts";

const tag = "Annotation queues";
const params = z.object({ queueId: uuid });
const readers = { user: "viewer", machine: ["secret"] } as const;
const managers = { user: "reviewer", machine: ["secret"] } as const;

/** Queues of their own filter, overlap, order and guidelines; and decisions on many examples at once. */
export const queueRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/queues",
    operationId: "createQueue",
    summary: "Make an annotation queue",
    description: "New examples that the filter takes come to it. What no queue takes stays where it was.",
    tag,
    access: managers,
    body: createQueueSchema,
    responses: { 201: annotationQueue },
    handler: async ({ ctx, body }) => {
      const created = await createQueue({ ctx, input: body });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/queues",
    operationId: "listQueues",
    summary: "List annotation queues, newest first",
    tag,
    access: readers,
    query: queueQuery,
    responses: { 200: page(annotationQueue) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listQueues({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/queues/:queueId",
    operationId: "getQueue",
    summary: "Get an annotation queue",
    tag,
    access: readers,
    params,
    responses: { 200: annotationQueue },
    handler: async ({ ctx, params: input }) => {
      const queue = await getQueue({ ctx, input });
      return { status: 200, body: queue, headers: { etag: entityTag(queue.version) } };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/queues/:queueId",
    operationId: "updateQueue",
    summary: "Change an annotation queue for what comes from now on",
    description: "Needs If-Match with the queue's ETag.",
    tag,
    access: managers,
    params,
    body: updateQueueSchema,
    responses: { 200: annotationQueue },
    handler: async ({ ctx, params: { queueId }, body, headers }) => {
      const expectedVersion = requireIfMatch(headers["if-match"]);
      const updated = await updateQueue({ ctx, input: { queueId, expectedVersion, change: body } });
      return { status: 200, body: updated, headers: { etag: entityTag(updated.version) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/queues/:queueId/progress",
    operationId: "getQueueProgress",
    summary: "What is left in a queue, and each person's pace",
    tag,
    access: readers,
    params,
    query: queueProgressQuery,
    responses: { 200: queueProgressSchema },
    handler: async ({ ctx, params: { queueId }, query }) => ({
      status: 200,
      body: await queueProgress({ ctx, input: { ...query, queueId } }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/queues/:queueId/second-look",
    operationId: "takeSecondLook",
    summary: "Send approved examples that their neighbours contradict back into review",
    description:
      "Confident learning over the newest 2,000 approved examples whose outputs repeat. With `preview` it only says which.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params,
    body: secondLookSchema,
    responses: { 200: secondLookResult },
    handler: async ({ ctx, params: { queueId }, body }) => ({
      status: 200,
      body: await takeSecondLook({ ctx, input: { ...body, queueId } }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/annotations/bulk",
    operationId: "decideInBulk",
    summary: "Approve, reject, skip, put back or move everything in review that fits a selection",
    description:
      "With `preview` it only counts. Then send `as_of` and `expected` as the preview said, and the same call again while `remaining` is above 0; " +
      "with an Idempotency-Key of its own each call is done once.",
    tag,
    access: { user: "reviewer", machine: [] },
    body: bulkDecisionSchema,
    responses: { 200: bulkResult },
    handler: async ({ ctx, body }) => ({ status: 200, body: await bulkDecision({ ctx, input: body }) }),
  }),
];
