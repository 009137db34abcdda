import {
  agentReference,
  createTrainingRun as createTrainingRunSchema,
  page,
  pageQuery,
  reviewDecision,
  TRAINING_STATUSES,
  TRAINING_TYPES,
  trainingRun,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import {
  decodeCursor,
  defineFreeRoute,
  defineRoute,
  ProblemError,
  type Route,
  streamEvents,
  toPage,
} from "../../http/index.ts";
import { cancelTrainingRun, reviewTrainingRun } from "./control-training-run.ts";
import { createTrainingRun } from "./create-training-run.ts";
import { presentTrainingRun } from "./present-training-run.ts";
import { requireRun } from "./require-run.ts";
import { readRuns } from "./store.ts";
import { watchTrainingRun } from "./watch-training-run.ts";

const runParams = z.object({ runId: uuid });
const tag = "Training";

function readLastEventId(header: string | string[] | undefined): number {
  if (header === undefined) return 0;
  if (typeof header === "string" && /^\d{1,9}$/.test(header)) return Number(header);
  throw new ProblemError("malformed-request", "Last-Event-ID must be the id of an event of this stream.", {
    errors: [{ path: "header.last-event-id", message: "is not an event id" }],
  });
}

/** Training runs: every way of learning, as jobs that can be watched and stopped. */
export const trainingRunRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/training-runs/:agentId",
    operationId: "listTrainingRuns",
    summary: "List an agent's training runs, newest first",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    query: pageQuery.extend({
      status: z.enum(TRAINING_STATUSES).optional(),
      training_type: z.enum(TRAINING_TYPES).optional(),
    }),
    responses: { 200: page(trainingRun) },
    handler: async ({ ctx, params, query }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const rows = await readRuns(ctx, {
        agentId: agent.id,
        status: query.status,
        trainingType: query.training_type,
        beforeId: query.cursor === undefined ? undefined : decodeCursor(query.cursor).id,
        limit: query.limit + 1,
      });
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: row.created_at ?? new Date(0), id: row.id }),
        presentTrainingRun,
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/training-runs",
    operationId: "createTrainingRun",
    summary: "Start a training run",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: createTrainingRunSchema,
    responses: { 202: trainingRun },
    handler: async ({ ctx, body }) => ({ status: 202, body: await createTrainingRun({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/training-runs/by-id/:runId",
    operationId: "getTrainingRun",
    summary: "Get a training run",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: runParams,
    responses: { 200: trainingRun },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: presentTrainingRun(await requireRun(ctx, params.runId)),
    }),
  }),
  defineFreeRoute({
    method: "GET",
    path: "/api/learning/training-runs/by-id/:runId/events",
    operationId: "watchTrainingRun",
    summary: "Progress and log of a run as Server-Sent Events",
    description: "Starts after Last-Event-ID; ends with an `end` event that holds the run.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: runParams,
    responses: { 200: "text/event-stream" },
    handler: async ({ ctx, params, headers, reply, signal }) => {
      const after = readLastEventId(headers["last-event-id"]);
      await ctx.transact((tenant) => requireRun(tenant, params.runId));
      return streamEvents(reply, watchTrainingRun(ctx, params.runId, after, signal));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/training-runs/by-id/:runId/cancel",
    operationId: "cancelTrainingRun",
    summary: "Cancel a training run",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: runParams,
    responses: { 200: trainingRun },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await cancelTrainingRun({ ctx, input: params }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/training-runs/by-id/:runId/review",
    operationId: "reviewTrainingRun",
    summary: "Approve or reject what a run learned",
    tag,
    access: { user: "reviewer", machine: [] },
    params: runParams,
    body: reviewDecision,
    responses: { 200: trainingRun },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await reviewTrainingRun({ ctx, input: { runId: params.runId, review: body } }),
    }),
  }),
];
