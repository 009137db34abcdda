import {
  agentReference,
  createRegressionCase as createSchema,
  page,
  pageQuery,
  regressionCase,
  regressionReport,
  runRegression as runSchema,
  updateRegressionCase as updateSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import {
  decodeCursor,
  defineFreeRoute,
  defineRoute,
  notFound,
  type Route,
  toPage,
} from "../../http/index.ts";
import { createRegressionCase } from "./create-case.ts";
import { runRegression } from "./run-regression.ts";
import { changeCase, presentCase, readCases } from "./store.ts";

const tag = "Regression";

/** What must never break again. */
export const regressionRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/regression-cases",
    operationId: "createRegressionCase",
    summary: "Pin a case from an example, an execution or given texts",
    tag,
    access: { user: "annotator", machine: ["secret"] },
    body: createSchema,
    responses: { 201: regressionCase },
    handler: async ({ ctx, body }) => ({
      status: 201,
      body: await createRegressionCase({ ctx, input: body }),
    }),
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
      const row = await changeCase(ctx, caseId, body);
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
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/regression-runs",
    operationId: "runRegression",
    summary: "Run an agent's cases against a version",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: runSchema,
    responses: { 201: regressionReport },
    handler: async ({ ctx, body }) => ({ status: 201, body: await runRegression({ ctx, input: body }) }),
  }),
];
