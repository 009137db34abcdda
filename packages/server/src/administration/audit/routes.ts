import { auditRecord, auditVerification, page } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, ProblemError, type Route } from "../../http/index.ts";
import { findBrokenLink, readAudit } from "./store.ts";

const query = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
  entity_type: z.string().max(64).optional(),
  entity_id: z.string().max(100).optional(),
});

function decodeSequence(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ProblemError(
    "malformed-request",
    "The cursor is not one that this API gave out. Start again without it.",
    {
      errors: [{ path: "query.cursor", message: "is not a cursor of this list" }],
    },
  );
}

/** Who changed what, and whether the record of it is whole. */
export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/audit",
    operationId: "listAudit",
    summary: "List audit records, newest first",
    tag: "Administration",
    access: { user: "reviewer", machine: [] },
    query,
    responses: { 200: page(auditRecord) },
    handler: async ({ ctx, query: input }) => {
      const filter = { entityType: input.entity_type, entityId: input.entity_id };
      const records = await readAudit(ctx, filter, input.limit + 1, decodeSequence(input.cursor));
      const data = records.slice(0, input.limit);
      const last = data.at(-1);
      const next = records.length > input.limit && last !== undefined ? String(last.sequence) : null;
      return { status: 200, body: { data, next_cursor: next } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/audit/verification",
    operationId: "verifyAudit",
    summary: "Recompute the hash chain of the audit log",
    tag: "Administration",
    access: { user: "reviewer", machine: [] },
    responses: { 200: auditVerification },
    handler: async ({ ctx }) => {
      const { records, brokenAt } = await findBrokenLink(ctx);
      return { status: 200, body: { records, intact: brokenAt === null, broken_at: brokenAt } };
    },
  }),
];
