import {
  agentReference,
  amendFeedback as amendFeedbackSchema,
  commonIssues,
  createBrowserToken as createBrowserTokenSchema,
  createFeedbackToken as createFeedbackTokenSchema,
  externalId,
  feedback,
  feedbackCategories,
  FEEDBACK_STATUSES,
  FEEDBACK_TYPES,
  feedbackHistory,
  feedbackStatistics,
  feedbackToken,
  issueSlug,
  page,
  pageQuery,
  statisticsQuery,
  submitFeedback as submitFeedbackSchema,
  submitFeedbackBatch as submitFeedbackBatchSchema,
  submittedFeedback,
  submittedFeedbackBatch,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { readIssueCategories } from "../../administration/organizations/issue-categories.ts";
import {
  defineFreeRoute,
  definePublicRoute,
  defineRoute,
  entityTag,
  requireIfMatch,
  type Route,
} from "../../http/index.ts";
import { amendFeedback } from "./amend-feedback.ts";
import { getCommonIssues, getFeedbackStatistics } from "./get-feedback-statistics.ts";
import { getFeedback, getFeedbackHistory, listFeedback } from "./read-feedback.ts";
import { submitFeedback, submitFeedbackBatch } from "./submit-feedback.ts";
import { createBrowserToken } from "./tokens/create-browser-token.ts";
import { createFeedbackToken } from "./tokens/create-feedback-token.ts";
import { BROWSER_TOKEN_PATH } from "./tokens/own-origin.ts";
import { withdrawFeedback } from "./withdraw-feedback.ts";

const tag = "Feedback";
const byId = z.object({ id: uuid });
const byAgent = z.object({ agentId: agentReference });
const BATCH_BODY_LIMIT = 8 * 1024 * 1024;
const read = { user: "viewer", machine: ["secret"] } as const;

/** Feedback: what people say of an execution. */
export const feedbackRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/feedback",
    operationId: "submitFeedback",
    summary: "Submit feedback",
    description:
      "Answered after the commit. A rater has one live vote on an execution: a second one amends the first, under the same " +
      "id. Feedback that comes before its execution is held and attached when the execution arrives.",
    tag,
    access: { user: "annotator", machine: ["secret", "publishable", "feedback_token"] },
    body: submitFeedbackSchema,
    responses: { 201: submittedFeedback },
    handler: ({ ctx, body, headers }) => submitFeedback(ctx, body, headers),
  }),
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/feedback/batch",
    operationId: "submitFeedbackBatch",
    summary: "Submit up to 500 feedback, all or none",
    description:
      "An item's `idempotency_key` makes it count once, however the items are grouped when they are sent again.",
    tag,
    access: { user: "annotator", machine: ["secret", "publishable"] },
    body: submitFeedbackBatchSchema,
    bodyLimit: BATCH_BODY_LIMIT,
    responses: { 201: submittedFeedbackBatch },
    handler: ({ ctx, body, headers }) => submitFeedbackBatch(ctx, body.feedback, headers),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback/stats/:agentId",
    operationId: "getFeedbackStatistics",
    summary: "Get feedback statistics",
    tag,
    access: read,
    params: byAgent,
    query: statisticsQuery,
    responses: { 200: feedbackStatistics },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await getFeedbackStatistics({ ctx, input: { agent: params.agentId, days: query.days } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback/issues/:agentId",
    operationId: "getCommonIssues",
    summary: "Get common issues",
    tag,
    access: read,
    params: byAgent,
    query: statisticsQuery,
    responses: { 200: commonIssues },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await getCommonIssues({ ctx, input: { agent: params.agentId, days: query.days } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/agents/:agentId/feedback",
    operationId: "listFeedback",
    summary: "List an agent's feedback, newest first",
    tag,
    access: read,
    params: byAgent,
    query: pageQuery.extend({
      status: z.enum([...FEEDBACK_STATUSES, "all"]).default("live"),
      feedback_type: z.enum(FEEDBACK_TYPES).optional(),
      execution_id: externalId.optional(),
      issue: issueSlug.optional().meta({ description: "Slug of an issue category that it names" }),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
    }),
    responses: { 200: page(feedback) },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await listFeedback({ ctx, input: { agent: params.agentId, ...query } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback/:id",
    operationId: "getFeedback",
    summary: "Get one feedback, with its ETag",
    tag,
    access: read,
    params: byId,
    responses: { 200: feedback },
    handler: async ({ ctx, params: { id } }) => {
      const found = await getFeedback({ ctx, id });
      return { status: 200, body: found, headers: { etag: entityTag(found.version) } };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/feedback/:id",
    operationId: "amendFeedback",
    summary: "Amend feedback",
    description: "Needs If-Match with the feedback's ETag. What it was stays in its history.",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    params: byId,
    body: amendFeedbackSchema,
    responses: { 200: feedback },
    handler: async ({ ctx, params: { id }, body, headers }) => {
      const expectedVersion = requireIfMatch(headers["if-match"]);
      const amended = await amendFeedback({ ctx, input: { id, expectedVersion, change: body } });
      return { status: 200, body: amended, headers: { etag: entityTag(amended.version) } };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/learning/feedback/:id",
    operationId: "withdrawFeedback",
    summary: "Withdraw feedback",
    description:
      "It no longer counts; its history stays. If-Match is honoured when it is sent. A feedback token withdraws its own feedback.",
    tag,
    access: { user: "annotator", machine: ["secret", "feedback_token"] },
    params: byId,
    responses: { 200: feedback },
    handler: async ({ ctx, params: { id }, headers }) => {
      const tagged = headers["if-match"];
      const expectedVersion = tagged === undefined ? undefined : requireIfMatch(tagged);
      const withdrawn = await withdrawFeedback({ ctx, input: { id, expectedVersion } });
      return { status: 200, body: withdrawn, headers: { etag: entityTag(withdrawn.version) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback/:id/history",
    operationId: "getFeedbackHistory",
    summary: "Get what a feedback was before each change",
    tag,
    access: read,
    params: byId,
    responses: { 200: feedbackHistory },
    handler: async ({ ctx, params: { id } }) => ({
      status: 200,
      body: await getFeedbackHistory({ ctx, id }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/feedback-categories",
    operationId: "listFeedbackCategories",
    summary: "What may be wrong with an answer: the organization's active issue categories",
    tag,
    access: { user: "viewer", machine: ["secret", "publishable", "feedback_token"] },
    responses: { 200: feedbackCategories },
    handler: async ({ ctx }) => {
      const categories = (await readIssueCategories(ctx)).filter(({ is_active }) => is_active);
      return { status: 200, body: { categories: categories.map(({ slug, label }) => ({ slug, label })) } };
    },
  }),
  definePublicRoute({
    method: "POST",
    path: BROWSER_TOKEN_PATH,
    operationId: "createBrowserToken",
    summary: "Get a feedback token as a page on this server's own origin",
    description:
      "No key: the agent's policy (`feedback.browsers`) decides. For an execution of the last week; the rater is the browser, known by a cookie.",
    tag,
    body: createBrowserTokenSchema,
    responses: { 201: feedbackToken },
    handler: async ({ body: wanted, headers, services, reply }) => {
      const made = await createBrowserToken(services, { wanted, headers, address: reply.request.ip });
      return {
        status: 201,
        body: made.token,
        headers: { "cache-control": "no-store", "set-cookie": made.cookie },
      };
    },
  }),
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/feedback-tokens",
    operationId: "createFeedbackToken",
    summary: "Make a token with which a browser gives feedback on one execution as one rater",
    description: "An Idempotency-Key has no effect here: a stored answer would keep the token.",
    tag,
    access: { user: "admin", machine: ["secret"] },
    body: createFeedbackTokenSchema,
    responses: { 201: feedbackToken },
    handler: async ({ ctx, body }) => ({
      status: 201,
      body: await ctx.transact((tenant) => createFeedbackToken({ ctx: tenant, input: body })),
      headers: { "cache-control": "no-store" },
    }),
  }),
];
