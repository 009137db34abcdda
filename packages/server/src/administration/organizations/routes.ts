import {
  organization,
  type Organization,
  updateOrganization as updateOrganizationSchema,
} from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { defineRoute, type Route } from "../../http/index.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { readIssueCategories, writeIssueCategories } from "./issue-categories.ts";

async function readOrganization(ctx: TenantContext): Promise<Organization> {
  const row = await ctx.tx
    .selectFrom("organizations")
    .select(["id", "name", "slug", "created_at"])
    .where("id", "=", ctx.organizationId)
    .executeTakeFirstOrThrow();
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    issue_categories: await readIssueCategories(ctx),
  };
}

/** The caller's organization. */
export const organizationRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/organization",
    operationId: "getOrganization",
    summary: "Get the organization and its issue categories",
    tag: "Administration",
    access: { user: "viewer", machine: ["secret"] },
    responses: { 200: organization },
    handler: async ({ ctx }) => ({ status: 200, body: await readOrganization(ctx) }),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/organization",
    operationId: "updateOrganization",
    summary: "Rename the organization or set its issue categories",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    body: updateOrganizationSchema,
    responses: { 200: organization },
    handler: async ({ ctx, body }) => {
      if (body.name !== undefined) {
        await ctx.tx
          .updateTable("organizations")
          .set({ name: body.name, updated_at: sql<Date>`learning_now()` })
          .where("id", "=", ctx.organizationId)
          .execute();
      }
      if (body.issue_categories !== undefined) await writeIssueCategories(ctx, body.issue_categories);
      await writeAudit(ctx, {
        action: "organization.updated",
        entityType: "organization",
        entityId: ctx.organizationId,
        data: { fields: Object.keys(body) },
      });
      return { status: 200, body: await readOrganization(ctx) };
    },
  }),
];
