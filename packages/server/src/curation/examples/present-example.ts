import type {
  ExampleSource,
  ExampleType,
  JsonValue,
  LearningExample,
  ReviewStatus,
} from "@agent-learning/contract";
import type { ExampleRow } from "./store.ts";

/** A row as the wire shows it. */
export function presentExample(row: ExampleRow): LearningExample {
  return {
    id: row.id,
    agent_id: row.agent_id,
    example_type: row.example_type as ExampleType,
    input_text: row.input_text,
    input_context: row.input_context as Record<string, JsonValue>,
    original_output: row.original_output,
    expected_output: row.expected_output,
    output_a: row.output_a,
    output_b: row.output_b,
    preferred_output: row.preferred_output as "A" | "B" | null,
    preference_strength: row.preference_strength,
    domain: row.domain,
    task_type: row.task_type,
    complexity: row.complexity,
    jurisdictions: (row.jurisdictions ?? []) as string[],
    tags: (row.tags ?? []) as string[],
    quality_score: row.quality_score,
    confidence_score: row.confidence_score,
    source_type: row.source_type as ExampleSource,
    source_user_id: row.source_user_id,
    source_execution_id: row.source_execution_id,
    source_feedback_id: row.source_feedback_id,
    group_key: row.group_key,
    review_status: (row.review_status ?? "pending") as ReviewStatus,
    reviewed_by: row.reviewed_by,
    reviewed_at: row.reviewed_at?.toISOString() ?? null,
    review_notes: row.review_notes,
    times_used_in_training: row.times_used_in_training ?? 0,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    is_active: row.is_active ?? true,
    version: row.version,
    created_at: (row.created_at ?? new Date(0)).toISOString(),
    updated_at: (row.updated_at ?? new Date(0)).toISOString(),
  };
}
