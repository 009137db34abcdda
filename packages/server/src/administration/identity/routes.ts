import { identity, type Identity } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { defineRoute, type Route } from "../../http/index.ts";
import { readMember } from "../users/store.ts";

async function readIdentity(ctx: TenantContext): Promise<Identity> {
  const { actor } = ctx;
  const organization = await ctx.tx
    .selectFrom("organizations")
    .select(["id", "name", "slug"])
    .where("id", "=", ctx.organizationId)
    .executeTakeFirstOrThrow();
  const member = actor.kind === "user" ? await readMember(ctx, actor.userId) : undefined;
  return {
    kind: actor.kind === "machine" ? actor.keyKind : "user",
    user_id: member?.user_id ?? null,
    display_name: member?.display_name ?? null,
    role: actor.kind === "user" ? actor.role : null,
    organization,
    now: (await learningNow(ctx.tx)).toISOString(),
  };
}

/** Whose key it is: what an application asks first. */
export const identityRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/me",
    operationId: "getIdentity",
    summary: "Whose key this is, and the server's time",
    tag: "Administration",
    access: { user: "viewer", machine: ["secret"] },
    responses: { 200: identity },
    handler: async ({ ctx }) => ({ status: 200, body: await readIdentity(ctx) }),
  }),
];
