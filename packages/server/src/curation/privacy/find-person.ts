import { isUuid } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";

/** A person by the caller's own id of them, or by UUID. @throws ProblemError not-found */
export async function findPerson(ctx: TenantContext, reference: string): Promise<string> {
  const byExternalId = await ctx.tx
    .selectFrom("users")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("external_id", "=", reference)
    .executeTakeFirst();
  const found =
    byExternalId ??
    (isUuid(reference)
      ? await ctx.tx
          .selectFrom("users")
          .select("id")
          .where("organization_id", "=", ctx.organizationId)
          .where("id", "=", reference)
          .executeTakeFirst()
      : undefined);
  if (found === undefined) throw notFound("person", reference, "path.personId");
  return found.id;
}
