import {
  createEvaluationRun as createSchema,
  evaluationQuestions,
  evaluationRun,
  evaluationRunDetails,
  evaluationRunQuery,
  page,
  submitEvaluationAnswers,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import { decodeCursor, defineRoute, type Route, toPage } from "../../http/index.ts";
import { cancelEvaluationRun } from "./cancel-run.ts";
import { createEvaluationRun } from "./create-run.ts";
import { getEvaluationRun } from "./get-run.ts";
import { readQuestions } from "./read-questions.ts";
import { selectRuns } from "./store.ts";
import { presentRun } from "./stored-run.ts";
import { submitAnswers } from "./submit-answers.ts";

const base = "/api/learning/evaluation-runs";
const tag = "Gate";
const one = z.object({ evaluationRunId: uuid });
const read = { user: "viewer", machine: ["secret"] } as const;
const write = { user: "reviewer", machine: ["secret"] } as const;
/** Two hundred answers of the length that one text may have would be too much; most are short. */
const ANSWERS_BYTES = 16 * 1024 * 1024;

/** What holds a version before it meets traffic. */
export const gateRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: base,
    operationId: "createEvaluationRun",
    summary: "Hold a version to the regression cases and the safety checks",
    description:
      "The server answers for a version that it can run. Where only your own agent can answer, say `answered_by: caller`: the run then waits; read its questions, submit your agent's answers, and go on while it waits.",
    tag,
    access: write,
    body: createSchema,
    responses: { 202: evaluationRun },
    handler: async ({ ctx, body }) => ({
      status: 202,
      body: presentRun(await createEvaluationRun({ ctx, input: body })),
    }),
  }),
  defineRoute({
    method: "GET",
    path: base,
    operationId: "listEvaluationRuns",
    summary: "List runs of the gate, newest first",
    tag,
    access: read,
    query: evaluationRunQuery,
    responses: { 200: page(evaluationRun) },
    handler: async ({ ctx, query }) => {
      const agent =
        query.agent_id === undefined ? undefined : await findAgent(ctx, query.agent_id, "query.agent_id");
      const rows = await selectRuns(ctx, {
        agentId: agent?.id,
        versionId: query.version_id,
        beforeId: query.cursor === undefined ? undefined : decodeCursor(query.cursor).id,
        limit: query.limit + 1,
      });
      const body = toPage(rows, query.limit, (row) => ({ time: row.created_at, id: row.id }), presentRun);
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${base}/:evaluationRunId`,
    operationId: "getEvaluationRun",
    summary: "A run of the gate with its reports",
    tag,
    access: read,
    params: one,
    responses: { 200: evaluationRunDetails },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getEvaluationRun(ctx, params.evaluationRunId),
    }),
  }),
  defineRoute({
    method: "GET",
    path: `${base}/:evaluationRunId/questions`,
    operationId: "listEvaluationQuestions",
    summary: "The questions that a run waits for",
    description: "As many as may be answered at once. Empty while the run is judged, and when it has ended.",
    tag,
    access: read,
    params: one,
    responses: { 200: evaluationQuestions },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await readQuestions(ctx, params.evaluationRunId),
    }),
  }),
  defineRoute({
    method: "POST",
    path: `${base}/:evaluationRunId/answers`,
    operationId: "submitEvaluationAnswers",
    summary: "Submit your agent's answers",
    description:
      "An agent that failed says so with `error`. When nothing is missing any more the run is judged, and may ask a disputed case again.",
    tag,
    access: write,
    params: one,
    body: submitEvaluationAnswers,
    bodyLimit: ANSWERS_BYTES,
    responses: { 200: evaluationRun },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: presentRun(
        await submitAnswers({ ctx, input: { runId: params.evaluationRunId, answers: body.answers } }),
      ),
    }),
  }),
  defineRoute({
    method: "POST",
    path: `${base}/:evaluationRunId/cancel`,
    operationId: "cancelEvaluationRun",
    summary: "End a run without a verdict",
    tag,
    access: write,
    params: one,
    responses: { 200: evaluationRun },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: presentRun(await cancelEvaluationRun(ctx, params.evaluationRunId)),
    }),
  }),
];
