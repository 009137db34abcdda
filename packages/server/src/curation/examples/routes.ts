import {
  createDemonstration as createDemonstrationSchema,
  createLearningExample,
  createPreference as createPreferenceSchema,
  learningExample,
  learningExampleQuery,
  page,
  pairedExecutions,
  pairExecutions as pairExecutionsSchema,
  updateLearningExample,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, entityTag, requireIfMatch, type Route } from "../../http/index.ts";
import { createDemonstration } from "./create-demonstration.ts";
import { createPreference } from "./create-preference.ts";
import { pairExecutions } from "./pair-executions.ts";
import { createExample } from "./create-example.ts";
import { listExamples } from "./list-examples.ts";
import { updateExample } from "./update-example.ts";

const tag = "Examples";

/** Learning examples: what feedback, failures and experts give the agent to learn from. */
export const exampleRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/examples",
    operationId: "createExample",
    summary: "Supply an example",
    description: "Pending until it is annotated; whoever supplies it cannot annotate it.",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    body: createLearningExample,
    responses: { 201: learningExample },
    handler: async ({ ctx, body }) => {
      const created = await createExample({ ctx, input: body });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/demonstrations",
    operationId: "submitDemonstration",
    summary: "Submit an expert's demonstration",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    body: createDemonstrationSchema,
    responses: { 201: learningExample },
    handler: async ({ ctx, body }) => {
      const created = await createDemonstration({ ctx, input: body });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/preferences",
    operationId: "submitPreference",
    summary: "Submit two answers to one input, and perhaps which is better",
    description:
      "Outputs as texts, or the executions that gave them. Pending until people compared the two side by side, without being told what the contributor prefers or which version answered which.",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    body: createPreferenceSchema,
    responses: { 201: learningExample },
    handler: async ({ ctx, body }) => {
      const created = await createPreference({ ctx, input: body });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/preferences/from-executions",
    operationId: "pairExecutions",
    summary: "Make pairs of what different versions answered to the same input",
    description:
      "Of the newest executions; an execution is in one pair at most. The pairs wait for people to compare them.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: pairExecutionsSchema,
    responses: { 201: pairedExecutions },
    handler: async ({ ctx, body }) => ({ status: 201, body: await pairExecutions({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/examples",
    operationId: "listExamples",
    summary: "List examples, newest first",
    description: "With `dataset_id` those that a dataset holds, with `split` those of one of its splits.",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    query: learningExampleQuery,
    responses: { 200: page(learningExample) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listExamples({ ctx, input: query }) }),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/examples/:exampleId",
    operationId: "updateExample",
    summary: "Change an example's labels, or take it out of learning",
    description: "Needs If-Match with the example's ETag.",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    params: z.object({ exampleId: uuid }),
    body: updateLearningExample,
    responses: { 200: learningExample },
    handler: async ({ ctx, params, body, headers }) => {
      const expectedVersion = requireIfMatch(headers["if-match"]);
      const input = { exampleId: params.exampleId, expectedVersion, change: body };
      const updated = await updateExample({ ctx, input });
      return { status: 200, body: updated, headers: { etag: entityTag(updated.version) } };
    },
  }),
];
