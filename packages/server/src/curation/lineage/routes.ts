import {
  agentReference,
  datasetLineage,
  feedbackLineage,
  learningExampleDetail,
  uuid,
  versionLineage,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, entityTag, type Route } from "../../http/index.ts";
import { getDatasetLineage } from "./dataset-lineage.ts";
import { getFeedbackLineage } from "./feedback-lineage.ts";
import { getExample } from "./get-example.ts";
import { getVersionLineage } from "./version-lineage.ts";

/** Where examples come from and what they go into. */
export const lineageRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/examples/:exampleId",
    operationId: "getExample",
    summary: "Get an example with its lineage",
    description:
      "The feedback and execution it came from, its annotations, and the datasets and versions that hold it.",
    tag: "Examples",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ exampleId: uuid }),
    responses: { 200: learningExampleDetail },
    handler: async ({ ctx, params }) => {
      const example = await getExample({ ctx, input: params });
      return { status: 200, body: example, headers: { etag: entityTag(example.version) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/datasets/:datasetId/lineage",
    operationId: "getDatasetLineage",
    summary: "What was learned from a dataset, and what became of that",
    description:
      "What it replaces and what replaces it, its training runs, their versions, the experiments and rollouts of those, and where one serves.",
    tag: "Datasets",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ datasetId: uuid }),
    responses: { 200: datasetLineage },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getDatasetLineage({ ctx, input: params }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback/:id/lineage",
    operationId: "getFeedbackLineage",
    summary: "What a piece of feedback went into",
    description:
      "Its examples and pinned cases, their datasets, what was learned from those, and what became of that.",
    tag: "Feedback",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ id: uuid }),
    responses: { 200: feedbackLineage },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getFeedbackLineage({ ctx, input: { feedbackId: params.id } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId/versions/:versionId/lineage",
    operationId: "getVersionLineage",
    summary: "What a version was made of, back to the feedback, and what became of it",
    tag: "Versions",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference, versionId: uuid }),
    responses: { 200: versionLineage },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getVersionLineage({ ctx, input: params }),
    }),
  }),
];
