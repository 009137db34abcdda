import type { Schema } from "../../database/index.ts";

type Table = keyof Schema;

/** How a table relates to persons. Every table is listed; a test holds the list against the database. */
export type PersonalData =
  /**
   * Rows of a person. `person` is the condition that finds them, `erase` the SET clause that removes what is theirs (or the
   * word delete), `exported` the part of a row that is theirs, as a jsonb expression; without it the whole row.
   * SQL over the row `t`; `$person` is the user's UUID, `$organization` the organization's.
   */
  | { kind: "personal"; person: string; erase: string; exported?: string }
  /** Rows that hold nothing of a person beyond ids of users, whose own row is erased. */
  | { kind: "references"; why: string }
  /** Rows about no person at all. */
  | { kind: "none"; why: string };

const ERASED = "'[erased]'";
const EXTERNAL_ID = `(SELECT u.external_id FROM users u WHERE u.organization_id = $organization AND u.id = $person)`;
const EXECUTIONS = `(SELECT e.id FROM agent_executions e WHERE e.organization_id = $organization AND e.user_id = $person)`;
// What they contributed, and what was made of their own conversations, whoever judged those.
const EXAMPLES = `(SELECT x.id FROM learning_examples x WHERE x.organization_id = $organization AND x.source_user_id = $person
  UNION SELECT x.id FROM learning_examples x JOIN agent_executions e ON e.organization_id = x.organization_id AND e.id = x.source_execution_id
    WHERE x.organization_id = $organization AND e.user_id = $person)`;
const DATASETS = `(SELECT i.dataset_id FROM training_dataset_items i WHERE i.organization_id = $organization AND i.learning_example_id IN ${EXAMPLES})`;
const RUNS = `(SELECT r.id FROM training_runs r WHERE r.organization_id = $organization AND r.dataset_id IN ${DATASETS})`;
const UNITS = `(SELECT e.unit_id FROM agent_executions e WHERE e.organization_id = $organization AND e.user_id = $person AND e.unit_id IS NOT NULL
  UNION SELECT u.external_id FROM users u WHERE u.organization_id = $organization AND u.id = $person AND u.external_id IS NOT NULL)`;
// A demonstration is theirs by its lineage, or, where that was not given, word for word.
const DEMONSTRATION = `(d->>'example_id' IN (SELECT id::text FROM ${EXAMPLES} AS own(id))
  OR d->>'input' IN (SELECT x.input_text FROM learning_examples x WHERE x.organization_id = $organization AND x.id IN ${EXAMPLES}
    UNION SELECT e.input_text FROM agent_executions e WHERE e.organization_id = $organization AND e.user_id = $person))`;
// An id that the caller made may hold the person's id. Where it does not, it stays: it keeps a late retry from coming back.
const withoutThem = (column: string): string =>
  `${column} = CASE WHEN position(COALESCE(${EXTERNAL_ID}, ${column} || '!') IN ${column}) > 0 THEN 'erased:' || gen_random_uuid() ELSE ${column} END`;
const orErased = (column: string): string =>
  `${column} = CASE WHEN ${column} IS NULL THEN NULL ELSE ${ERASED} END`;

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
    person: `t.execution_id IN ${EXECUTIONS}`,
    erase: `query_text = ${ERASED}, ${withoutThem("execution_external_id")}`,
  },
  agent_versions: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM jsonb_array_elements(t.config->'demonstrations') d WHERE ${DEMONSTRATION}) OR t.training_run_id IN ${RUNS}`,
    erase: `config = jsonb_set(config, '{demonstrations}', COALESCE((SELECT jsonb_agg(d ORDER BY n) FROM jsonb_array_elements(t.config->'demonstrations') WITH ORDINALITY AS a(d, n)
      WHERE NOT COALESCE(${DEMONSTRATION}, false)), '[]')),
      change_summary = CASE WHEN t.training_run_id IN ${RUNS} THEN NULL ELSE change_summary END,
      report = (report #- '{gate,reasons}') || '{"demonstrations_erased": true}'`,
    // The other demonstrations are other people's.
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'number', t.number, 'created_at', t.created_at,
      'demonstrations', (SELECT jsonb_agg(d) FROM jsonb_array_elements(t.config->'demonstrations') d WHERE ${DEMONSTRATION}))`,
  },
  evaluation_reports: {
    kind: "personal",
    person: `t.dataset_id IN ${DATASETS}`,
    // Sentences may quote a training text.
    erase: `report = (report - 'reasons') || CASE WHEN report ? 'checks' THEN jsonb_build_object('checks',
      COALESCE((SELECT jsonb_agg(c - 'detail') FROM jsonb_array_elements(report->'checks') c), '[]')) ELSE '{}' END`,
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'kind', t.kind, 'created_at', t.created_at)`,
  },
  training_run_events: {
    kind: "personal",
    person: `t.run_id IN ${RUNS}`,
    erase: "data = data - 'reasons' - 'message'",
    exported: `jsonb_build_object('run_id', t.run_id, 'sequence', t.sequence, 'type', t.type, 'created_at', t.created_at)`,
  },
  training_runs: {
    kind: "personal",
    person: `t.dataset_id IN ${DATASETS}`,
    erase: "checkpoint = NULL, metrics = (metrics - 'reasons' - 'notes') #- '{gate,reasons}'",
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'name', t.name, 'dataset_id', t.dataset_id, 'created_at', t.created_at)`,
  },
  training_dataset_items: {
    kind: "personal",
    person: `t.learning_example_id IN ${EXAMPLES}`,
    erase: `item = '{"erased": true}', group_key = ${ERASED}`,
  },
  regression_cases: {
    kind: "personal",
    person: `t.source_execution_id IN ${EXECUTIONS} OR t.learning_example_id IN ${EXAMPLES}`,
    erase: `input_text = ${ERASED}, input_context = '{}', expected_output = ${ERASED}, evaluator = '{"kind": "normalised"}', is_active = false`,
  },
  annotation_tasks: {
    kind: "personal",
    person: `t.learning_example_id IN ${EXAMPLES} OR t.contributor_id = $person OR t.claimed_by = $person OR t.deferred_by ? $person::text`,
    erase: "defer_reason = NULL",
  },
  expert_annotations: {
    kind: "personal",
    person: `t.expert_id = $person OR t.learning_example_id IN ${EXAMPLES}`,
    erase: `annotation_data = jsonb_build_object('decision', decision, 'erased', true), notes = NULL, improvement_suggestions = NULL`,
  },
  idempotency_keys: {
    kind: "personal",
    // Answers to bulk evidence hold ids alone; there are too many of them to look for each of a person's rows in each.
    person: `position($person::text IN t.response_body::text) > 0 OR position(to_json(${EXTERNAL_ID})::text IN t.response_body::text) > 0
      OR position(COALESCE(${EXTERNAL_ID}, t.key || '!') IN t.key || t.response_body::text) > 0
      OR (t.operation NOT IN ('recordExecutions', 'submitFeedback', 'submitFeedbackBatch', 'recordRetrievals')
        AND EXISTS (SELECT 1 FROM (SELECT id FROM ${EXAMPLES} AS x(id) UNION ALL SELECT id FROM ${EXECUTIONS} AS e(id)) AS own(id)
          WHERE position(own.id::text IN t.response_body::text) > 0))`,
    erase: "delete",
    exported: `jsonb_build_object('key', t.key, 'operation', t.operation, 'created_at', t.created_at)`,
  },
  learning_examples: {
    kind: "personal",
    person: `t.id IN ${EXAMPLES}`,
    erase: `input_text = ${ERASED}, input_context = '{}', ${orErased("original_output")}, expected_output = ${ERASED}, ${orErased("output_a")}, ${orErased("output_b")},
      review_notes = NULL, tags = '[]', group_key = 'erased:' || id::text, is_active = false, review_status = 'withdrawn', version = version + 1`,
  },
  agent_feedback: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `feedback_text = NULL, ${orErased("correction_text")}, metadata = '{}'`,
  },
  exposures: {
    kind: "personal",
    person: `t.unit_id IN ${UNITS}`,
    erase: "unit_id = 'erased:' || gen_random_uuid()",
  },
  unit_metrics: {
    kind: "personal",
    person: `t.unit_id IN ${UNITS}`,
    erase: "unit_id = 'erased:' || gen_random_uuid()",
  },
  outcomes: {
    kind: "personal",
    person: `t.unit_id IN ${UNITS}`,
    erase: "unit_id = 'erased:' || gen_random_uuid(), outcome_id = 'erased:' || gen_random_uuid()",
  },
  agent_executions: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `input_text = ${ERASED}, input_context = '{}', ${orErased("output_text")}, error_message = NULL, metadata = '{}', session_id = NULL, unit_id = NULL,
      ${withoutThem("external_id")}`,
  },
  api_keys: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `name = ${ERASED}, revoked_at = COALESCE(revoked_at, learning_now())`,
    exported: "to_jsonb(t) - 'key_hash'",
  },
  memberships: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: "revoked_at = COALESCE(revoked_at, learning_now())",
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
  audit_log: references("ids, states and numbers, never content; the chain must stay whole"),
  audit_heads: none("the head of the chain"),
  serving_pointers: none("which version runs"),
  serving_revisions: none("a counter"),
  agent_daily_statistics: none("counts"),
  training_datasets: references("counts and hashes"),
  learning_experiments: references("who decided, and why"),
  rollouts: references("who created it"),
  rollout_events: references("numbers, ids of executions and a reason"),
};
