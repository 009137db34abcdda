import type { Organization } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

type Categories = Organization["issue_categories"];

/** What an organization that has not set its own list offers. */
export const DEFAULT_ISSUE_CATEGORIES: Categories = [
  { slug: "incorrect", label: "Factually incorrect", is_active: true },
  { slug: "incomplete", label: "Incomplete", is_active: true },
  { slug: "irrelevant", label: "Not what I asked", is_active: true },
  { slug: "outdated", label: "Outdated information", is_active: true },
  { slug: "unclear", label: "Hard to understand", is_active: true },
  { slug: "wrong_tone", label: "Wrong tone", is_active: true },
  { slug: "missing_source", label: "Missing or wrong source", is_active: true },
  { slug: "unsafe", label: "Unsafe or inappropriate", is_active: true },
  { slug: "too_slow", label: "Too slow", is_active: true },
  { slug: "other", label: "Other", is_active: true },
];

/** The organization's list, or the default while it has none. */
export async function readIssueCategories(ctx: TenantContext): Promise<Categories> {
  const rows = await ctx.tx
    .selectFrom("issue_categories")
    .select(["slug", "label", "is_active"])
    .where("organization_id", "=", ctx.organizationId)
    .orderBy("position")
    .orderBy("slug")
    .execute();
  return rows.length === 0 ? DEFAULT_ISSUE_CATEGORIES : rows;
}

/** Sets the list. A category that is left out becomes inactive: feedback that names it keeps its meaning. */
export async function writeIssueCategories(ctx: TenantContext, categories: Categories): Promise<void> {
  await ctx.tx
    .updateTable("issue_categories")
    .set({ is_active: false })
    .where("organization_id", "=", ctx.organizationId)
    .execute();
  for (const [position, category] of categories.entries()) {
    await ctx.tx
      .insertInto("issue_categories")
      .values({ organization_id: ctx.organizationId, ...category, position })
      .onConflict((conflict) =>
        conflict.columns(["organization_id", "slug"]).doUpdateSet({
          label: sql`excluded.label`,
          is_active: sql`excluded.is_active`,
          position: sql`excluded.position`,
        }),
      )
      .execute();
  }
}
