import type { AnnotationType, Decision } from "@agent-learning/contract";
import { type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { ExpertAnnotationsTable } from "../../database/schema.ts";

export type AnnotationRow = Selectable<ExpertAnnotationsTable>;

export interface NewAnnotation {
  id: string;
  agentId: string;
  exampleId: string;
  taskId: string;
  expertId: string;
  type: AnnotationType;
  decision: Decision;
  data: Record<string, unknown>;
  technicalAccuracy: number | null;
  professionalQuality: number | null;
  completeness: number | null;
  clarity: number | null;
  notes: string | null;
  improvementSuggestions: string | null;
  queueId: string | null;
  goldAgreed: boolean | null;
  /** When the task was claimed; null without a claim. */
  claimedAt: Date | null;
}

export async function insertAnnotation(
  ctx: TenantContext,
  annotation: NewAnnotation,
): Promise<AnnotationRow> {
  return ctx.tx
    .insertInto("expert_annotations")
    .values({
      organization_id: ctx.organizationId,
      id: annotation.id,
      agent_id: annotation.agentId,
      learning_example_id: annotation.exampleId,
      annotation_task_id: annotation.taskId,
      expert_id: annotation.expertId,
      annotation_type: annotation.type,
      annotation_data: json(annotation.data),
      decision: annotation.decision,
      technical_accuracy: annotation.technicalAccuracy,
      professional_quality: annotation.professionalQuality,
      completeness: annotation.completeness,
      clarity: annotation.clarity,
      notes: annotation.notes,
      improvement_suggestions: annotation.improvementSuggestions,
      queue_id: annotation.queueId,
      gold_agreed: annotation.goldAgreed,
      seconds_spent:
        annotation.claimedAt === null
          ? null
          : sql<number>`GREATEST(0, LEAST(2000000000, extract(epoch FROM learning_now() - ${annotation.claimedAt}::timestamptz)))::int`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Every annotation of an example, in the order in which they came. */
export async function readAnnotationsOf(ctx: TenantContext, exampleId: string): Promise<AnnotationRow[]> {
  return ctx.tx
    .selectFrom("expert_annotations")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("learning_example_id", "=", exampleId)
    .orderBy("id")
    .execute();
}

export interface AnnotationFilter {
  agentId: string | undefined;
  expertId: string | undefined;
  queueId: string | undefined;
  days: number | undefined;
  isVerified: boolean | undefined;
  beforeId: string | undefined;
  limit: number;
  /** Who asks: annotations of unsettled examples are shown to their authors only. */
  userId: string | null;
}

/** Newest first; ids are UUIDv7. */
export async function readAnnotations(
  ctx: TenantContext,
  filter: AnnotationFilter,
): Promise<AnnotationRow[]> {
  let query = ctx.tx
    .selectFrom("expert_annotations as a")
    .innerJoin("learning_examples as x", (join) =>
      join.onRef("x.organization_id", "=", "a.organization_id").onRef("x.id", "=", "a.learning_example_id"),
    )
    .selectAll("a")
    .where("a.organization_id", "=", ctx.organizationId)
    .where((where) =>
      where.or([
        where("x.review_status", "not in", ["pending", "in_review"]),
        ...(filter.userId === null ? [] : [where("a.expert_id", "=", filter.userId)]),
      ]),
    );
  if (filter.agentId !== undefined) query = query.where("a.agent_id", "=", filter.agentId);
  if (filter.expertId !== undefined) query = query.where("a.expert_id", "=", filter.expertId);
  if (filter.queueId !== undefined) query = query.where("a.queue_id", "=", filter.queueId);
  if (filter.days !== undefined) {
    const since = sql<Date>`(SELECT date_trunc('day', learning_now(), 'UTC') - make_interval(days => ${filter.days - 1}::int))`;
    query = query.where("a.created_at", ">=", since);
  }
  if (filter.isVerified !== undefined)
    query = query.where(sql<number>`a.is_verified::int`, "=", Number(filter.isVerified));
  if (filter.beforeId !== undefined) query = query.where("a.id", "<", filter.beforeId);
  return query.orderBy("a.id", "desc").limit(filter.limit).execute();
}

/** The annotation with the contributor of its example, locked. */
export async function lockAnnotation(
  ctx: TenantContext,
  id: string,
): Promise<(AnnotationRow & { contributor_id: string | null }) | undefined> {
  return ctx.tx
    .selectFrom("expert_annotations as a")
    .innerJoin("learning_examples as x", (join) =>
      join.onRef("x.organization_id", "=", "a.organization_id").onRef("x.id", "=", "a.learning_example_id"),
    )
    .selectAll("a")
    .select("x.source_user_id as contributor_id")
    .where("a.organization_id", "=", ctx.organizationId)
    .where("a.id", "=", id)
    .forUpdate("a")
    .executeTakeFirst();
}

export async function markVerified(ctx: TenantContext, id: string, userId: string): Promise<AnnotationRow> {
  return ctx.tx
    .updateTable("expert_annotations")
    .set({ is_verified: true, verified_by: userId, verified_at: sql<Date>`learning_now()` })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
