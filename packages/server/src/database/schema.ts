// Generated from supabase/migrations by `npm run generate:database-types`. Do not edit.
import type { DefaultedJsonColumn, Generated, JsonColumn, NullableJsonColumn } from "./column-types.ts";

export interface AgentDailyStatisticsTable {
  organization_id: string;
  agent_id: string;
  day: string;
  metric: string;
  shard: Generated<number>;
  count: Generated<number>;
  sum: Generated<number>;
  sum_squares: Generated<number>;
}

export interface AgentExecutionsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  external_id: string;
  version_id: string | null;
  environment: Generated<string>;
  unit_id: string | null;
  session_id: string | null;
  user_id: string | null;
  experiment_id: string | null;
  rollout_id: string | null;
  arm: string | null;
  input_text: string;
  input_context: DefaultedJsonColumn;
  output_text: string | null;
  status: string;
  error_type: string | null;
  error_message: string | null;
  task_completed: boolean | null;
  latency_ms: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost_usd: number | null;
  metadata: DefaultedJsonColumn;
  created_at: Generated<Date>;
}

export interface AgentFeedbackTable {
  organization_id: string;
  id: string;
  agent_id: string;
  execution_id: string;
  user_id: string;
  feedback_type: string;
  rating: number | null;
  feedback_text: string | null;
  correction_text: string | null;
  issue_categories: DefaultedJsonColumn;
  dimensions: DefaultedJsonColumn;
  signal: string | null;
  satisfaction: number | null;
  status: Generated<string>;
  version: Generated<number>;
  metadata: DefaultedJsonColumn;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AgentFeedbackHistoryTable {
  organization_id: string;
  feedback_id: string;
  version: number;
  action: string;
  snapshot: JsonColumn;
  actor_id: string | null;
  created_at: Generated<Date>;
}

export interface AgentFeedbackHoldingTable {
  organization_id: string;
  id: string;
  agent_id: string;
  execution_external_id: string;
  user_id: string;
  payload: JsonColumn;
  status: Generated<string>;
  expires_at: Date;
  settled_at: Date | null;
  created_at: Generated<Date>;
}

export interface AgentFeedbackIssuesTable {
  organization_id: string;
  feedback_id: string;
  issue_category: string;
  agent_id: string;
  status: string;
  created_at: Date;
}

export interface AgentVersionsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  number: number;
  parent_version_id: string | null;
  content_hash: string;
  config: JsonColumn;
  origin: string;
  training_run_id: string | null;
  change_summary: string | null;
  report: DefaultedJsonColumn;
  affected_query_share: number | null;
  review_status: Generated<string>;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  review_notes: string | null;
  created_by: string | null;
  created_at: Generated<Date>;
  evidence_erased_at: Date | null;
}

export interface AgentsTable {
  organization_id: string;
  id: string;
  slug: string;
  name: string;
  description: string | null;
  config: DefaultedJsonColumn;
  policy: DefaultedJsonColumn;
  version: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}

export interface AnnotationQueuesTable {
  organization_id: string;
  id: string;
  agent_id: string;
  name: string;
  filter: DefaultedJsonColumn;
  overlap: Generated<number>;
  ordering: Generated<string>;
  guidelines: string | null;
  gold_share: Generated<number>;
  is_active: Generated<boolean>;
  version: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AnnotationTasksTable {
  organization_id: string;
  id: string;
  learning_example_id: string;
  agent_id: string;
  slot: number;
  kind: Generated<string>;
  status: Generated<string>;
  priority: Generated<number>;
  queue_rank: Generated<number | null>;
  contributor_id: string | null;
  claimed_by: string | null;
  lease_expires_at: Date | null;
  fencing_token: Generated<number>;
  deferred_by: DefaultedJsonColumn;
  defer_reason: string | null;
  completed_at: Date | null;
  created_at: Generated<Date>;
  queue_id: string | null;
  is_gold: Generated<boolean>;
  claimed_at: Date | null;
}

export interface ApiKeysTable {
  organization_id: string;
  id: string;
  kind: string;
  user_id: string | null;
  name: string;
  display_prefix: string;
  key_hash: Buffer;
  created_by: string | null;
  created_at: Generated<Date>;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

export interface AuditHeadsTable {
  organization_id: string;
  sequence: Generated<number>;
  hash: Generated<Buffer>;
}

export interface AuditLogTable {
  organization_id: string;
  sequence: number;
  actor_kind: string;
  actor_id: string | null;
  action: string;
  entity_type: string;
  entity_id: string;
  data: DefaultedJsonColumn;
  previous_hash: Buffer;
  hash: Buffer;
  created_at: Generated<Date>;
}

export interface ChunkEmbeddingsTable {
  organization_id: string;
  chunking_id: string;
  chunk_id: string;
  embedder: string;
  vector: Buffer;
}

export interface ChunkTermsTable {
  organization_id: string;
  chunking_id: string;
  term: string;
  chunk_id: string;
  frequency: number;
  chunk_terms: number;
}

export interface ChunkingsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  status: Generated<string>;
  settings: JsonColumn;
  chunk_count: Generated<number>;
  term_count: Generated<number>;
  created_at: Generated<Date>;
  embedding_revision: Generated<number>;
  embedding_due: Generated<boolean>;
  embedder: string | null;
  training_run_id: string | null;
}

export interface ChunksTable {
  organization_id: string;
  id: string;
  chunking_id: string;
  document_id: string;
  chunk_key: string;
  position: number;
  start_offset: number;
  end_offset: number;
  body: string;
  term_count: number;
}

export interface ContributionSuspicionsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  detector: string;
  example_ids: JsonColumn;
  contributor_ids: JsonColumn;
  ln_p_value: number;
  sentence: string;
  status: Generated<string>;
  decided_by: string | null;
  decided_at: Date | null;
  notes: string | null;
  created_at: Generated<Date>;
}

export interface DocumentsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  external_id: string;
  title: Generated<string>;
  body: string;
  content_hash: string;
  metadata: DefaultedJsonColumn;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface EvaluationAnswersTable {
  organization_id: string;
  run_id: string;
  question_id: string;
  side: string;
  attempt: number;
  case_id: string | null;
  output: string | null;
  error: string | null;
  created_at: Generated<Date>;
}

export interface EvaluationReportsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  candidate_version_id: string;
  baseline_version_id: string | null;
  training_run_id: string | null;
  dataset_id: string | null;
  kind: string;
  verdict: string;
  report: JsonColumn;
  created_at: Generated<Date>;
  evaluation_run_id: string | null;
  sentence: string | null;
}

export interface EvaluationRunsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  candidate_version_id: string;
  baseline_version_id: string | null;
  training_run_id: string | null;
  status: Generated<string>;
  answered_by: Generated<string>;
  checks: DefaultedJsonColumn;
  settings: DefaultedJsonColumn;
  pending: DefaultedJsonColumn;
  verdict: string | null;
  sentence: string | null;
  error: string | null;
  revision: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  completed_at: Date | null;
}

export interface ExperimentLooksTable {
  organization_id: string;
  experiment_id: string;
  looked_at: Date;
  running_hours: number;
  comparisons: JsonColumn;
}

export interface ExperimentStatesTable {
  organization_id: string;
  experiment_id: string;
  state: JsonColumn;
}

export interface ExpertAnnotationsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  learning_example_id: string;
  expert_id: string;
  annotation_task_id: string | null;
  annotation_type: string;
  annotation_data: JsonColumn;
  decision: string;
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
  notes: string | null;
  improvement_suggestions: string | null;
  is_verified: Generated<boolean | null>;
  verified_by: string | null;
  verified_at: Date | null;
  created_at: Generated<Date | null>;
  queue_id: string | null;
  gold_agreed: boolean | null;
  seconds_spent: number | null;
}

export interface ExposuresTable {
  organization_id: string;
  subject_id: string;
  unit_id: string;
  id: string;
  agent_id: string;
  subject_type: string;
  arm: string;
  version_id: string;
  stage: Generated<number>;
  share: number;
  crossed_over: Generated<boolean>;
  created_at: Generated<Date>;
}

export interface GoldAnswersTable {
  organization_id: string;
  learning_example_id: string;
  agent_id: string;
  decision: string;
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
  created_by: string | null;
  created_at: Generated<Date>;
  retired_at: Date | null;
}

export interface IdempotencyKeysTable {
  organization_id: string;
  key: string;
  operation: string;
  request_hash: Buffer;
  response_status: number;
  response_body: NullableJsonColumn;
  response_headers: NullableJsonColumn;
  created_at: Generated<Date>;
}

export interface IssueCategoriesTable {
  organization_id: string;
  slug: string;
  label: string;
  position: Generated<number>;
  is_active: Generated<boolean>;
}

export interface LearningBudgetsTable {
  organization_id: string;
  period_days: number;
  max_calls: number | null;
  max_tokens: number | null;
  max_cost: number | null;
  updated_by: string | null;
  updated_at: Generated<Date>;
}

export interface LearningClockTable {
  singleton: Generated<boolean>;
  clock_offset: Generated<string>;
}

export interface LearningExamplesTable {
  organization_id: string;
  id: string;
  agent_id: string;
  example_type: string;
  input_context: JsonColumn;
  input_text: string;
  original_output: string | null;
  expected_output: string;
  output_a: string | null;
  output_b: string | null;
  preferred_output: string | null;
  preference_strength: number | null;
  domain: string | null;
  task_type: string | null;
  complexity: number | null;
  jurisdictions: NullableJsonColumn;
  tags: NullableJsonColumn;
  quality_score: number | null;
  confidence_score: number | null;
  source_type: string;
  source_user_id: string | null;
  source_execution_id: string | null;
  source_feedback_id: string | null;
  group_key: string;
  review_status: Generated<string | null>;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  review_notes: string | null;
  times_used_in_training: Generated<number | null>;
  last_used_at: Date | null;
  is_active: Generated<boolean | null>;
  version: Generated<number>;
  created_at: Generated<Date | null>;
  updated_at: Generated<Date | null>;
  import_hash: string | null;
  quarantine: string | null;
  version_a_id: string | null;
  version_b_id: string | null;
  execution_b_id: string | null;
}

export interface LearningExperimentsTable {
  organization_id: string;
  id: string;
  name: string;
  description: string | null;
  hypothesis: string | null;
  agent_id: string;
  control_config: JsonColumn;
  treatment_config: JsonColumn;
  control_percentage: Generated<number | null>;
  treatment_percentage: Generated<number | null>;
  status: Generated<string | null>;
  started_at: Date | null;
  ended_at: Date | null;
  min_duration_hours: Generated<number | null>;
  min_sample_size: Generated<number | null>;
  current_control_samples: Generated<number | null>;
  current_treatment_samples: Generated<number | null>;
  control_metrics: NullableJsonColumn;
  treatment_metrics: NullableJsonColumn;
  statistical_significance: number | null;
  winner: string | null;
  decision: string | null;
  decision_notes: string | null;
  decided_by: string | null;
  decided_at: Date | null;
  control_version_id: string;
  treatment_version_id: string;
  training_run_id: string | null;
  primary_metric: Generated<string>;
  significance_level: Generated<number>;
  assignment_seed: string;
  health: DefaultedJsonColumn;
  analysis: DefaultedJsonColumn;
  analysed_at: Date | null;
  revision: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date | null>;
  additional_treatments: DefaultedJsonColumn;
  metrics: DefaultedJsonColumn;
  inference: Generated<string>;
  minimum_effect: number | null;
  allocation: DefaultedJsonColumn;
  hash: Generated<string>;
  exclusion_group: string | null;
  slot_start: number | null;
  slot_end: number | null;
  winning_arm: string | null;
  winning_version_id: string | null;
}

export interface MembershipsTable {
  organization_id: string;
  user_id: string;
  role: string;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  revoked_at: Date | null;
}

export interface MetricSourcesTable {
  organization_id: string;
  agent_id: string;
  metric: string;
  status: string;
  reason: string | null;
  heartbeat_seconds: number | null;
  reported_at: Generated<Date>;
}

export interface ModelSpendingTable {
  organization_id: string;
  training_run_id: string;
  hour: Date;
  calls: number;
  tokens: number;
  cost: number;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  slug: string;
  settings: DefaultedJsonColumn;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface OutcomesTable {
  organization_id: string;
  subject_id: string;
  outcome_id: string;
  unit_id: string;
  metric: string;
  value: number;
  created_at: Generated<Date>;
  denominator: number | null;
  occurred_at: Date | null;
}

export interface RegressionCasesTable {
  organization_id: string;
  id: string;
  agent_id: string;
  learning_example_id: string | null;
  source_execution_id: string | null;
  input_text: string;
  input_context: DefaultedJsonColumn;
  expected_output: string;
  evaluator: DefaultedJsonColumn;
  slice: Generated<string>;
  is_pinned: Generated<boolean>;
  is_active: Generated<boolean>;
  created_by: string | null;
  created_at: Generated<Date>;
  slices: DefaultedJsonColumn;
  source_feedback_id: string | null;
  pinned_at: Generated<Date>;
  flakiness: number | null;
  quarantine_reason: string | null;
}

export interface RetentionMarksTable {
  organization_id: string;
  agent_id: string;
  emptied_until: Date;
  emptied_rows: Generated<number>;
  updated_at: Generated<Date>;
}

export interface RetrievalArtifactsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  training_run_id: string | null;
  format: number;
  content_hash: string;
  body: JsonColumn;
  created_at: Generated<Date>;
}

export interface RetrievalMemoryTable {
  organization_id: string;
  artifact_id: string;
  position: number;
  query_text: string;
  chunk_id: string;
  actor: number;
  retrieval_id: string;
}

export interface RetrievalSpotChecksTable {
  organization_id: string;
  training_run_id: string;
  position: number;
  kind: string;
  retrieval_id: string;
  learning_example_id: string | null;
  candidate_output: string | null;
}

export interface RetrievalsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  execution_id: string | null;
  execution_external_id: string;
  query_text: string;
  chunks: JsonColumn;
  ranker_version: string | null;
  created_at: Generated<Date>;
  excerpts: NullableJsonColumn;
}

export interface RolloutEventsTable {
  organization_id: string;
  rollout_id: string;
  version: number;
  event: string;
  stage: number;
  share: number;
  reason: string;
  evidence: DefaultedJsonColumn;
  actor_kind: string;
  actor_id: string | null;
  created_at: Generated<Date>;
}

export interface RolloutsTable {
  organization_id: string;
  id: string;
  agent_id: string;
  environment: Generated<string>;
  baseline_version_id: string;
  candidate_version_id: string;
  experiment_id: string | null;
  training_run_id: string | null;
  status: Generated<string>;
  stages: JsonColumn;
  stage: Generated<number>;
  share: Generated<number>;
  stage_started_at: Date | null;
  policy: JsonColumn;
  attempt: Generated<number>;
  significance_level: number;
  assignment_seed: string;
  guardrails: DefaultedJsonColumn;
  verdict: DefaultedJsonColumn;
  evaluated_at: Date | null;
  rollback_reason: string | null;
  started_at: Date | null;
  ended_at: Date | null;
  version: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date>;
}

export interface ServingPointersTable {
  organization_id: string;
  agent_id: string;
  environment: string;
  version_id: string;
  previous_version_id: string | null;
  revision: Generated<number>;
  updated_at: Generated<Date>;
}

export interface ServingRevisionsTable {
  organization_id: string;
  agent_id: string;
  revision: Generated<number>;
  updated_at: Generated<Date>;
}

export interface TrainingArtifactsTable {
  organization_id: string;
  id: string;
  run_id: string;
  name: string;
  kind: string;
  sha256: string;
  bytes: number;
  created_at: Generated<Date>;
}

export interface TrainingDatasetItemsTable {
  organization_id: string;
  dataset_id: string;
  position: number;
  learning_example_id: string;
  split: string;
  group_key: string;
  item: JsonColumn;
  item_hash: string;
}

export interface TrainingDatasetsTable {
  organization_id: string;
  id: string;
  name: string;
  description: string | null;
  version: string;
  agent_ids: NullableJsonColumn;
  domains: NullableJsonColumn;
  task_types: NullableJsonColumn;
  total_examples: Generated<number | null>;
  positive_examples: Generated<number | null>;
  negative_examples: Generated<number | null>;
  correction_examples: Generated<number | null>;
  avg_quality_score: number | null;
  human_verified_percentage: number | null;
  status: Generated<string | null>;
  agent_id: string;
  selection: DefaultedJsonColumn;
  agreement: number | null;
  doubly_annotated: Generated<number>;
  content_hash: string | null;
  split_salt: string | null;
  split_counts: DefaultedJsonColumn;
  card: DefaultedJsonColumn;
  frozen_at: Date | null;
  revision: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date | null>;
  updated_at: Generated<Date | null>;
  supersedes_id: string | null;
  erased_items: Generated<number>;
  original_content_hash: string | null;
  supersedes_reason: string | null;
}

export interface TrainingRunEventsTable {
  organization_id: string;
  run_id: string;
  sequence: number;
  type: string;
  data: DefaultedJsonColumn;
  created_at: Generated<Date>;
}

export interface TrainingRunsTable {
  organization_id: string;
  id: string;
  name: string;
  description: string | null;
  agent_id: string;
  dataset_id: string | null;
  training_type: string;
  config: JsonColumn;
  hyperparameters: NullableJsonColumn;
  status: Generated<string | null>;
  progress_percentage: Generated<number | null>;
  current_step: number | null;
  total_steps: number | null;
  metrics: NullableJsonColumn;
  best_metrics: NullableJsonColumn;
  model_artifact_path: string | null;
  prompt_artifact_path: string | null;
  logs_path: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  requires_review: Generated<boolean | null>;
  reviewed_by: string | null;
  review_status: string | null;
  review_notes: string | null;
  reviewed_at: Date | null;
  base_version_id: string | null;
  candidate_version_id: string | null;
  checkpoint: NullableJsonColumn;
  error: NullableJsonColumn;
  cancel_requested_at: Date | null;
  heartbeat_at: Date | null;
  revision: Generated<number>;
  created_by: string | null;
  created_at: Generated<Date | null>;
  reserved_calls: Generated<number>;
  reserved_tokens: Generated<number>;
  reserved_cost: Generated<number>;
  phase: string | null;
  launched_by: string | null;
}

export interface UnitChangesTable {
  organization_id: string;
  subject_id: string;
  id: number;
  stage: number;
  arm: string;
  metric: string;
  units: number;
  n: number;
  sum: number;
  sum_squares: number;
  other_sum: number;
  other_sum_squares: number;
  cross_sum: number;
  covariate: NullableJsonColumn;
  sketches: NullableJsonColumn;
  created_at: Generated<Date>;
}

export interface UnitMetricsTable {
  organization_id: string;
  subject_id: string;
  metric: string;
  unit_id: string;
  subject_type: string;
  arm: string;
  stage: Generated<number>;
  share: Generated<number>;
  n: Generated<number>;
  sum: Generated<number>;
  sum_squares: Generated<number>;
  first_value: Generated<number>;
  first_at: Generated<Date>;
  last_at: Generated<Date>;
  closed_at: Date | null;
  other_sum: number | null;
  covariate: number | null;
  sketch: NullableJsonColumn;
}

export interface UsersTable {
  organization_id: string;
  id: string;
  kind: string;
  external_id: string | null;
  email: string | null;
  display_name: string | null;
  erased_at: Date | null;
  created_at: Generated<Date>;
}

/** Every table, by its name in SQL. */
export interface Schema {
  agent_daily_statistics: AgentDailyStatisticsTable;
  agent_executions: AgentExecutionsTable;
  agent_feedback: AgentFeedbackTable;
  agent_feedback_history: AgentFeedbackHistoryTable;
  agent_feedback_holding: AgentFeedbackHoldingTable;
  agent_feedback_issues: AgentFeedbackIssuesTable;
  agent_versions: AgentVersionsTable;
  agents: AgentsTable;
  annotation_queues: AnnotationQueuesTable;
  annotation_tasks: AnnotationTasksTable;
  api_keys: ApiKeysTable;
  audit_heads: AuditHeadsTable;
  audit_log: AuditLogTable;
  chunk_embeddings: ChunkEmbeddingsTable;
  chunk_terms: ChunkTermsTable;
  chunkings: ChunkingsTable;
  chunks: ChunksTable;
  contribution_suspicions: ContributionSuspicionsTable;
  documents: DocumentsTable;
  evaluation_answers: EvaluationAnswersTable;
  evaluation_reports: EvaluationReportsTable;
  evaluation_runs: EvaluationRunsTable;
  experiment_looks: ExperimentLooksTable;
  experiment_states: ExperimentStatesTable;
  expert_annotations: ExpertAnnotationsTable;
  exposures: ExposuresTable;
  gold_answers: GoldAnswersTable;
  idempotency_keys: IdempotencyKeysTable;
  issue_categories: IssueCategoriesTable;
  learning_budgets: LearningBudgetsTable;
  learning_clock: LearningClockTable;
  learning_examples: LearningExamplesTable;
  learning_experiments: LearningExperimentsTable;
  memberships: MembershipsTable;
  metric_sources: MetricSourcesTable;
  model_spending: ModelSpendingTable;
  organizations: OrganizationsTable;
  outcomes: OutcomesTable;
  regression_cases: RegressionCasesTable;
  retention_marks: RetentionMarksTable;
  retrieval_artifacts: RetrievalArtifactsTable;
  retrieval_memory: RetrievalMemoryTable;
  retrieval_spot_checks: RetrievalSpotChecksTable;
  retrievals: RetrievalsTable;
  rollout_events: RolloutEventsTable;
  rollouts: RolloutsTable;
  serving_pointers: ServingPointersTable;
  serving_revisions: ServingRevisionsTable;
  training_artifacts: TrainingArtifactsTable;
  training_dataset_items: TrainingDatasetItemsTable;
  training_datasets: TrainingDatasetsTable;
  training_run_events: TrainingRunEventsTable;
  training_runs: TrainingRunsTable;
  unit_changes: UnitChangesTable;
  unit_metrics: UnitMetricsTable;
  users: UsersTable;
}
