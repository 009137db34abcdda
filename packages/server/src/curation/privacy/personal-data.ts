import type { Schema } from "../../database/index.ts";

type Table = keyof Schema;

/** How a table relates to persons. Every table is listed; a test holds the list against the database. */
export type PersonalData =
  /** Rows of a person, found by `person` (SQL over the row, `$person` = the user's UUID); `erase` is the SET clause that removes content, or the word delete. */
  | { kind: "personal"; person: string; erase: string }
  /** Rows that hold nothing of a person beyond ids of users, whose own row is erased. */
  | { kind: "references"; why: string }
  /** Rows about no person at all. */
  | { kind: "none"; why: string };

const ERASED = "'[erased]'";

function none(why: string): PersonalData {
  return { kind: "none", why };
}

function references(why: string): PersonalData {
  return { kind: "references", why };
}

/** What export gives out and erase removes, table by table, in the order in which erase goes through them. */
export const PERSONAL_DATA: Readonly<Record<Table, PersonalData>> = {
  agent_feedback_history: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_feedback f WHERE f.organization_id = t.organization_id AND f.id = t.feedback_id AND f.user_id = $person)`,
    erase: "delete",
  },
  agent_feedback_holding: { kind: "personal", person: "t.user_id = $person", erase: "delete" },
  retrievals: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_executions e WHERE e.organization_id = t.organization_id AND e.id = t.execution_id AND e.user_id = $person)`,
    erase: `query_text = ${ERASED}`,
  },
  training_dataset_items: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = t.organization_id AND x.id = t.learning_example_id AND x.source_user_id = $person)`,
    erase: `item = '{"erased": true}', group_key = ${ERASED}`,
  },
  regression_cases: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_executions e WHERE e.organization_id = t.organization_id AND e.id = t.source_execution_id AND e.user_id = $person)
      OR EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = t.organization_id AND x.id = t.learning_example_id AND x.source_user_id = $person)`,
    erase: `input_text = ${ERASED}, input_context = '{}', expected_output = ${ERASED}, is_active = false`,
  },
  learning_examples: {
    kind: "personal",
    person: "t.source_user_id = $person",
    erase: `input_text = ${ERASED}, input_context = '{}', original_output = NULL, expected_output = ${ERASED}, output_a = CASE WHEN output_a IS NULL THEN NULL ELSE ${ERASED} END,
      output_b = CASE WHEN output_b IS NULL THEN NULL ELSE ${ERASED} END, review_notes = NULL, tags = '[]', is_active = false, review_status = 'withdrawn'`,
  },
  agent_feedback: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `feedback_text = NULL, correction_text = CASE WHEN correction_text IS NULL THEN NULL ELSE ${ERASED} END, metadata = '{}'`,
  },
  exposures: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_executions e WHERE e.organization_id = t.organization_id AND e.user_id = $person AND e.unit_id = t.unit_id)`,
    erase: "unit_id = md5(unit_id || t.id::text)",
  },
  unit_metrics: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_executions e WHERE e.organization_id = t.organization_id AND e.user_id = $person AND e.unit_id = t.unit_id)`,
    erase: "unit_id = md5(unit_id || t.subject_id::text || gen_random_uuid()::text)",
  },
  outcomes: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM agent_executions e WHERE e.organization_id = t.organization_id AND e.user_id = $person AND e.unit_id = t.unit_id)`,
    erase: "unit_id = md5(unit_id || t.outcome_id), outcome_id = md5(outcome_id || gen_random_uuid()::text)",
  },
  expert_annotations: {
    kind: "personal",
    person: `t.expert_id = $person OR EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = t.organization_id AND x.id = t.learning_example_id AND x.source_user_id = $person)`,
    erase: `annotation_data = jsonb_build_object('decision', decision, 'erased', true), notes = NULL, improvement_suggestions = NULL`,
  },
  agent_versions: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM jsonb_array_elements(t.config->'demonstrations') d JOIN learning_examples x
      ON x.organization_id = t.organization_id AND x.id::text = d->>'example_id' WHERE x.source_user_id = $person)`,
    erase: `config = jsonb_set(config, '{demonstrations}', COALESCE((SELECT jsonb_agg(d ORDER BY n) FROM jsonb_array_elements(t.config->'demonstrations') WITH ORDINALITY AS a(d, n)
      WHERE NOT EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = t.organization_id AND x.id::text = d->>'example_id' AND x.source_user_id = $person)), '[]')),
      report = report || '{"demonstrations_erased": true}'`,
  },
  idempotency_keys: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM users u WHERE u.organization_id = t.organization_id AND u.id = $person
      AND (position(u.id::text IN t.response_body::text) > 0 OR position(to_json(u.external_id)::text IN t.response_body::text) > 0))
      OR EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = t.organization_id AND x.source_user_id = $person AND position(x.id::text IN t.response_body::text) > 0)`,
    erase: "delete",
  },
  training_runs: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM training_dataset_items i JOIN learning_examples x ON x.organization_id = i.organization_id AND x.id = i.learning_example_id
      WHERE i.organization_id = t.organization_id AND i.dataset_id = t.dataset_id AND x.source_user_id = $person)`,
    erase: "checkpoint = NULL",
  },
  agent_executions: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `input_text = ${ERASED}, input_context = '{}', output_text = CASE WHEN output_text IS NULL THEN NULL ELSE ${ERASED} END, error_message = NULL, metadata = '{}', session_id = NULL, unit_id = NULL`,
  },
  users: {
    kind: "personal",
    person: "t.id = $person",
    erase:
      "external_id = NULL, email = NULL, display_name = NULL, erased_at = COALESCE(erased_at, learning_now())",
  },
  organizations: none("the organization itself"),
  learning_clock: none("one row of time"),
  issue_categories: none("labels"),
  agents: references("settings; created_by is an id"),
  memberships: references("a role; the user's row is erased"),
  api_keys: references("hashes; an erased member's keys are revoked"),
  audit_log: references("ids, states and numbers, never content; the chain must stay whole"),
  audit_heads: none("the head of the chain"),
  serving_pointers: none("which version runs"),
  serving_revisions: none("a counter"),
  agent_daily_statistics: none("counts"),
  annotation_tasks: references("who holds which task"),
  training_datasets: references("counts and hashes"),
  training_run_events: none("progress numbers"),
  evaluation_reports: none("scores by row id"),
  learning_experiments: references("who decided"),
  rollouts: references("who created it"),
  rollout_events: references("numbers and ids of units, which erase replaces at their source"),
};
