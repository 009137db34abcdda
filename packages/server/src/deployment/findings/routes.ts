import { comparedRow, page, pageQuery, ROW_OUTCOMES, runFindings, uuid } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, ProblemError, type Route } from "../../http/index.ts";
import { requireRun } from "../../learning/index.ts";
import { readFindings } from "./read-findings.ts";
import { readComparedRows } from "./store.ts";

const params = z.object({ runId: uuid });
const path = "/api/learning/training-runs/by-id/:runId";
const access = { user: "viewer", machine: ["secret"] } as const;
const tag = "Training";

function readPosition(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new ProblemError(
    "malformed-request",
    "The cursor is not one that this API gave out. Start again without it.",
    { errors: [{ path: "query.cursor", message: "is not a cursor of this list" }] },
  );
}

/** What a run learned, for the person who decides on it. */
export const findingsRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: `${path}/findings`,
    operationId: "getRunFindings",
    summary:
      "What a run learned: the difference of the prompts, the comparison, cost, expected effect, what to do next",
    tag,
    access,
    params,
    responses: { 200: runFindings },
    handler: async ({ ctx, params: input }) => ({ status: 200, body: await readFindings({ ctx, input }) }),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/rows`,
    operationId: "listComparedRows",
    summary: "Rows of a run's gate, with what each side answered",
    tag,
    access,
    params,
    query: pageQuery.extend({ outcome: z.enum(ROW_OUTCOMES).optional() }),
    responses: { 200: page(comparedRow) },
    handler: async ({ ctx, params: { runId }, query: { outcome, cursor, limit } }) => {
      await requireRun(ctx, runId);
      const after = readPosition(cursor);
      const rows = await readComparedRows(ctx, { runId, outcome, after, limit: limit + 1 });
      const data = rows.slice(0, limit).map(({ position: _position, ...row }) => row);
      const last = rows.length > limit ? rows[limit - 1]?.position : undefined;
      return { status: 200, body: { data, next_cursor: last === undefined ? null : String(last) } };
    },
  }),
];
