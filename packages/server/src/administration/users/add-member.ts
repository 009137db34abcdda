import type { AddMember, Member } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { conflict, notFound } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { insertMember, readMember } from "./store.ts";

/** @throws ProblemError conflict when a member has this e-mail address */
export async function addMember({ ctx, input }: { ctx: TenantContext; input: AddMember }): Promise<Member> {
  const id = newId();
  try {
    await insertMember(ctx, {
      id,
      displayName: input.display_name,
      email: input.email ?? null,
      role: input.role,
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw conflict("A member with this e-mail address is there already. Change their role instead.");
    throw error;
  }
  await writeAudit(ctx, {
    action: "member.added",
    entityType: "user",
    entityId: id,
    data: { role: input.role },
  });
  const member = await readMember(ctx, id);
  if (member === undefined) throw notFound("member", id, "path.userId");
  return member;
}
