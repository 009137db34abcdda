import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { eraseFeedback } from "../../collection/index.ts";
import type { TenantContext } from "../../context.ts";
import { asSystem } from "../../database/index.ts";
import { conflict } from "../../http/index.ts";
import { eraseJudgements } from "../annotations/index.ts";
import { resealErased } from "../datasets/index.ts";
import { retireTasks } from "../examples/index.ts";
import { bindPerson } from "./bind-person.ts";
import { findPerson } from "./find-person.ts";
import { PERSONAL_DATA } from "./personal-data.ts";
import { isLastAdmin, readDatasetsHolding, readExamplesOf, rehashVersions } from "./store.ts";

export interface Erasure {
  user_id: string;
  /** Rows changed or removed, by table. */
  erased: Record<string, number>;
}

/**
 * Removes what a person wrote and every way to recognise them, in one transaction, and takes what they said out of everything that was
 * counted or decided by it: counters, units' sums, reviews, agreement. What the agent did for them still counts, without the person.
 * Frozen datasets and versions are no exception: the person's items become empty, their demonstrations leave every version. Such a
 * dataset gets the hash of what is left and a successor without the empty items; a version made of it is marked.
 * @throws ProblemError not-found, conflict for the organization's last admin
 */
export async function erasePerson({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { userId: string };
}): Promise<Erasure> {
  const { organizationId } = ctx;
  const userId = await findPerson(ctx, input.userId);
  if (await isLastAdmin(ctx, userId)) {
    throw conflict("This is the organization's last admin. Make somebody else an admin first.");
  }
  const salt = randomUUID();
  const bind = (fragment: string) => bindPerson(fragment, { organizationId, userId, salt });
  await eraseFeedback(ctx, userId);
  const examples = await readExamplesOf(ctx, userId);
  await retireTasks(ctx, examples);
  const datasets = await readDatasetsHolding(ctx, userId);
  const erased: Record<string, number> = {};
  await asSystem(ctx.tx, async () => {
    for (const [table, data] of Object.entries(PERSONAL_DATA)) {
      if (data.kind !== "personal" || table === "expert_annotations") continue;
      const where = sql`t.organization_id = ${organizationId} AND (${bind(data.person)})`;
      const statement =
        data.erase === "delete"
          ? sql`DELETE FROM ${sql.table(table)} t WHERE ${where}`
          : sql`UPDATE ${sql.table(table)} t SET ${bind(data.erase)} WHERE ${where}`;
      const result = await statement.execute(ctx.tx);
      const rows = Number(result.numAffectedRows ?? 0n);
      if (rows > 0) erased[table] = rows;
    }
    await rehashVersions(ctx);
    await sql`UPDATE serving_revisions SET revision = revision + 1, updated_at = learning_now()
      WHERE organization_id = ${organizationId}`.execute(ctx.tx);
  });
  const judgements = await eraseJudgements(ctx, {
    userId,
    examples: examples.filter(({ is_erased }) => !is_erased),
  });
  if (judgements.annotations > 0) erased["expert_annotations"] = judgements.annotations;
  await resealErased(ctx, datasets);
  ctx.afterCommit(() => ctx.services.keys.forget());
  await writeAudit(ctx, {
    action: "person.erased",
    entityType: "user",
    entityId: userId,
    data: { rows: erased, reviews_told_anew: judgements.reviews },
  });
  return { user_id: userId, erased };
}
