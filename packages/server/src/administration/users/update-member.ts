import type { Member, UpdateMember } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound } from "../../http/problem-error.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { changeMember, countAdmins, readMember } from "./store.ts";

/** @throws ProblemError conflict when it would leave the organization without an admin */
export async function updateMember({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { userId: string; change: UpdateMember };
}): Promise<Member> {
  const { userId, change } = input;
  const before = await readMember(ctx, userId);
  if (before === undefined) throw notFound("member", userId, "path.userId");
  const losesAdmin =
    before.role === "admin" &&
    before.revoked_at === null &&
    (change.revoked === true || (change.role !== undefined && change.role !== "admin"));
  if (losesAdmin && (await countAdmins(ctx)) < 2) {
    throw conflict("This is the organization's last admin. Make somebody else an admin first.");
  }
  await changeMember(ctx, userId, {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.revoked === undefined ? {} : { revoked: change.revoked }),
  });
  ctx.afterCommit(() => ctx.services.keys.forget());
  await writeAudit(ctx, {
    action: "member.updated",
    entityType: "user",
    entityId: userId,
    data: { ...change },
  });
  return (await readMember(ctx, userId)) ?? before;
}
