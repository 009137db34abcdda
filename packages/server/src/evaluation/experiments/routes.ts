import {
  agentReference,
  createExperiment as createExperimentSchema,
  experiment,
  EXPERIMENT_STATUSES,
  experimentLooks,
  experimentResults,
  looksQuery,
  page,
  pageQuery,
  updateExperiment as updateExperimentSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/find-agent.ts";
import {
  decodeCursor,
  defineRoute,
  entityTag,
  requireIfMatch,
  type Route,
  toPage,
} from "../../http/index.ts";
import { notFound } from "../../http/problem-error.ts";
import { createExperiment } from "./create-experiment.ts";
import { getResults } from "./get-results.ts";
import { listLooks } from "./list-looks.ts";
import { presentExperiment } from "./present-experiment.ts";
import { selectExperiment, selectExperiments } from "./store.ts";
import { updateExperiment } from "./update-experiment.ts";

const tag = "Experiments";
const read = { user: "viewer", machine: ["secret"] } as const;
const one = z.object({ experimentId: uuid });
const base = "/api/learning/experiments";

/** A/B tests of two versions of an agent. */
export const experimentRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: `${base}/:agentId`,
    operationId: "listExperiments",
    summary: "List an agent's experiments, newest first",
    tag,
    access: read,
    params: z.object({ agentId: agentReference }),
    query: pageQuery.extend({ status: z.enum(EXPERIMENT_STATUSES).optional() }),
    responses: { 200: page(experiment) },
    handler: async ({ ctx, params, query }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const beforeId = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const filter = { limit: query.limit + 1, beforeId, status: query.status };
      const rows = await selectExperiments(ctx, agent.id, filter);
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: row.created_at ?? new Date(0), id: row.id }),
        presentExperiment,
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "POST",
    path: base,
    operationId: "createExperiment",
    summary: "Create an experiment as a draft",
    description:
      "Rules may be stricter than the agent's policy, never weaker. Percentages are of all units: what they leave over is a holdout.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: createExperimentSchema,
    responses: { 201: experiment },
    handler: async ({ ctx, body }) => {
      const row = await createExperiment({ ctx, input: body });
      return { status: 201, body: presentExperiment(row), headers: { etag: entityTag(row.revision) } };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: `${base}/:experimentId`,
    operationId: "updateExperiment",
    summary: "Start, pause, resume, stop or decide an experiment",
    description: "Needs If-Match with the experiment's ETag. `decision: deploy_treatment` creates a rollout.",
    tag,
    access: { user: "reviewer", machine: [] },
    params: one,
    body: updateExperimentSchema,
    responses: { 200: experiment },
    handler: async ({ ctx, params, body, headers }) => {
      const expectedRevision = requireIfMatch(headers["if-match"]);
      const input = { id: params.experimentId, expectedRevision, change: body };
      const row = await updateExperiment({ ctx, input });
      return { status: 200, body: presentExperiment(row), headers: { etag: entityTag(row.revision) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${base}/by-id/:experimentId`,
    operationId: "getExperiment",
    summary: "Get an experiment",
    tag,
    access: read,
    params: one,
    responses: { 200: experiment },
    handler: async ({ ctx, params }) => {
      const row = await selectExperiment(ctx, params.experimentId);
      if (row === undefined) throw notFound("experiment", params.experimentId, "path.experimentId");
      return { status: 200, body: presentExperiment(row), headers: { etag: entityTag(row.revision) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${base}/by-id/:experimentId/results`,
    operationId: "getExperimentResults",
    summary: "An experiment's results as of now",
    description:
      "Intervals and p values hold at every look. `experiment.missing` says what a decision still needs.",
    tag,
    access: read,
    params: one,
    responses: { 200: experimentResults },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getResults({ ctx, input: { id: params.experimentId } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: `${base}/by-id/:experimentId/looks`,
    operationId: "listExperimentLooks",
    summary: "How a metric's difference and its interval went over time",
    description:
      "Of the primary metric unless `metric` names another; of every treatment unless `arm` names one.",
    tag,
    access: read,
    params: one,
    query: looksQuery,
    responses: { 200: experimentLooks },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: { data: await listLooks({ ctx, input: { id: params.experimentId, query } }) },
    }),
  }),
];
