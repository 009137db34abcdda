import type { Annotation, AnnotationType, Comparison, Decision, JsonValue } from "@agent-learning/contract";
import type { AnnotationRow } from "./store.ts";

/** The correction that an annotation carries, if it does. */
export function correctedOutputOf(row: Pick<AnnotationRow, "annotation_data">): string | null {
  const { corrected_output } = row.annotation_data as { corrected_output?: unknown };
  return typeof corrected_output === "string" ? corrected_output : null;
}

/** What an annotation says of a pair, if it compares one. */
export function comparisonOf(row: Pick<AnnotationRow, "annotation_data">): Comparison | null {
  const { preference } = row.annotation_data as { preference?: Comparison };
  return preference ?? null;
}

/** A row as the wire shows it. */
export function presentAnnotation(row: AnnotationRow): Annotation {
  return {
    id: row.id,
    agent_id: row.agent_id,
    learning_example_id: row.learning_example_id,
    expert_id: row.expert_id,
    annotation_task_id: row.annotation_task_id,
    annotation_type: row.annotation_type as AnnotationType,
    decision: row.decision as Decision,
    corrected_output: correctedOutputOf(row),
    annotation_data: row.annotation_data as Record<string, JsonValue>,
    technical_accuracy: row.technical_accuracy,
    professional_quality: row.professional_quality,
    completeness: row.completeness,
    clarity: row.clarity,
    notes: row.notes,
    improvement_suggestions: row.improvement_suggestions,
    is_verified: row.is_verified ?? false,
    verified_by: row.verified_by,
    verified_at: row.verified_at?.toISOString() ?? null,
    created_at: (row.created_at ?? new Date(0)).toISOString(),
  };
}
