import type { Annotation } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound, ProblemError } from "../../http/index.ts";
import { requireAnnotator } from "./annotator.ts";
import { presentAnnotation } from "./present-annotation.ts";
import { lockAnnotation, markVerified } from "./store.ts";

/**
 * Confirms somebody else's annotation: what makes an example human verified. Doing it again changes nothing.
 * @throws ProblemError not-found, forbidden for the caller's own annotation or contribution, conflict when another person
 *   has verified it
 */
export async function verifyAnnotation({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { annotationId: string };
}): Promise<Annotation> {
  const { userId } = requireAnnotator(ctx);
  const row = await lockAnnotation(ctx, input.annotationId);
  if (row === undefined) throw notFound("annotation", input.annotationId, "path.annotationId");
  if (row.expert_id === userId)
    throw new ProblemError("forbidden", "This is your own annotation. Somebody else has to verify it.");
  if (row.contributor_id === userId)
    throw new ProblemError(
      "forbidden",
      "You contributed the example. Somebody else has to verify its review.",
    );
  if (row.is_verified === true) {
    if (row.verified_by === userId) return presentAnnotation(row);
    throw conflict("Another reviewer has verified this annotation.");
  }
  const verified = await markVerified(ctx, row.id, userId);
  await writeAudit(ctx, {
    action: "annotation.verified",
    entityType: "expert_annotation",
    entityId: row.id,
    data: { learning_example_id: row.learning_example_id },
  });
  return presentAnnotation(verified);
}
