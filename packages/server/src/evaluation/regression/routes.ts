import {
  agentReference,
  createRegressionCase as createSchema,
  page,
  pageQuery,
  regressionCase,
  updateRegressionCase as updateSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { conflict, decodeCursor, defineRoute, notFound, type Route, toPage } from "../../http/index.ts";
import { createRegressionCase } from "./create-case.ts";
import { changeCase, presentCase, readCases } from "./store.ts";

const tag = "Regression";

/** What must never break again. */
export const regressionRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/regression-cases",
    operationId: "createRegressionCase",
    summary: "Pin a case from an example, an execution, feedback or given texts",
    description:
      "An execution or a feedback id is enough. A correction says what the answer should have been; where nobody said it, the case is that the answer must not be the one that was given. An execution or example that has an active case keeps that one (200), changed where this says more.",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    body: createSchema,
    responses: { 200: regressionCase, 201: regressionCase },
    handler: async ({ ctx, body }) => {
      const made = await createRegressionCase({ ctx, input: body });
      return { status: made.created ? 201 : 200, body: made.case };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/regression-cases/:agentId",
    operationId: "listRegressionCases",
    summary: "List an agent's regression cases, newest first",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ agentId: agentReference }),
    query: pageQuery,
    responses: { 200: page(regressionCase) },
    handler: async ({ ctx, params, query }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const rows = await readCases(ctx, agent.id, query.limit + 1, before);
      return {
        status: 200,
        body: toPage(rows, query.limit, (row) => ({ time: row.created_at, id: row.id }), presentCase),
      };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/regression-cases/by-id/:caseId",
    operationId: "updateRegressionCase",
    summary: "Pin, unpin, retire or move a case to another slice",
    tag,
    access: { user: "reviewer", machine: [] },
    params: z.object({ caseId: uuid }),
    body: updateSchema,
    responses: { 200: regressionCase },
    handler: async ({ ctx, params: { caseId }, body }) => {
      const row = await changeCase(ctx, caseId, body).catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error;
        throw conflict("Its execution or example has another active case. Retire that one first.");
      });
      if (row === undefined) throw notFound("regression case", caseId, "path.caseId");
      await writeAudit(ctx, {
        action: "regression-case.updated",
        entityType: "regression_case",
        entityId: caseId,
        data: { ...body },
      });
      return { status: 200, body: presentCase(row) };
    },
  }),
];
