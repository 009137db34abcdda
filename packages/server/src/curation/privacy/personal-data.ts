import type { Schema } from "../../database/index.ts";
import { ERASED_ITEM, ERASED_ITEM_HASH } from "../datasets/index.ts";

type Table = keyof Schema;

/** How a table relates to persons. Every table is listed; a test holds the list against the database. */
export type PersonalData =
  /**
   * Rows of a person. `person` is the condition that finds them, `erase` the SET clause that removes what is theirs (or the
   * word delete), `exported` the part of a row that is theirs, as a jsonb expression; without it the whole row.
   * SQL over the row `t`; `$person` is the user's UUID, `$organization` the organization's, `$salt` one erasure's random text.
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
    WHERE x.organization_id = $organization AND e.user_id = $person
  UNION SELECT x.id FROM learning_examples x JOIN agent_executions e ON e.organization_id = x.organization_id AND e.id = x.execution_b_id
    WHERE x.organization_id = $organization AND e.user_id = $person)`;
// What they corrected as an annotator: their words in what was made of other people's examples.
const CORRECTIONS = `(SELECT a.learning_example_id AS id, a.annotation_data->>'corrected_output' AS words FROM expert_annotations a
  WHERE a.organization_id = $organization AND a.expert_id = $person AND a.annotation_data ? 'corrected_output')`;
const ITEMS = `(SELECT i.dataset_id, i.position FROM training_dataset_items i WHERE i.organization_id = $organization AND i.learning_example_id IN ${EXAMPLES}
  UNION SELECT i.dataset_id, i.position FROM ${CORRECTIONS} AS c JOIN training_dataset_items i
    ON i.organization_id = $organization AND i.learning_example_id = c.id AND i.item->>'expected_output' = c.words)`;
const DATASETS = `(SELECT own.dataset_id FROM ${ITEMS} AS own)`;
const RUNS = `(SELECT r.id FROM training_runs r WHERE r.organization_id = $organization AND r.dataset_id IN ${DATASETS})`;
const CASES = `(SELECT c.id FROM regression_cases c WHERE c.organization_id = $organization AND c.source_execution_id IN ${EXECUTIONS}
  UNION SELECT c.id FROM regression_cases c WHERE c.organization_id = $organization AND c.learning_example_id IN ${EXAMPLES}
  UNION SELECT c.id FROM ${CORRECTIONS} AS w JOIN regression_cases c
    ON c.organization_id = $organization AND c.learning_example_id = w.id AND c.expected_output = w.words)`;
const UNITS = `(SELECT e.unit_id FROM agent_executions e WHERE e.organization_id = $organization AND e.user_id = $person AND e.unit_id IS NOT NULL
  UNION SELECT u.external_id FROM users u WHERE u.organization_id = $organization AND u.id = $person AND u.external_id IS NOT NULL)`;
// A demonstration is theirs by its lineage, or, where that was not given, word for word.
const OWN_DEMONSTRATION = `(d->>'example_id' IN (SELECT id::text FROM ${EXAMPLES} AS own(id))
  OR d->>'input' IN (SELECT x.input_text FROM learning_examples x WHERE x.organization_id = $organization AND x.id IN ${EXAMPLES}
    UNION SELECT e.input_text FROM agent_executions e WHERE e.organization_id = $organization AND e.user_id = $person))`;
const DEMONSTRATION = `(${OWN_DEMONSTRATION} OR (d->>'example_id', d->>'output') IN (SELECT c.id::text, c.words FROM ${CORRECTIONS} AS c)
  OR (d->>'input', d->>'output') IN (SELECT x.input_text, c.words FROM ${CORRECTIONS} AS c JOIN learning_examples x
    ON x.organization_id = $organization AND x.id = c.id))`;
// Each condition by an index of its own: an OR of them reads the whole table.
const anyOf = (table: Table, conditions: readonly string[]): string =>
  `t.id IN (${conditions.map((condition) => `SELECT id FROM ${table} WHERE organization_id = $organization AND ${condition}`).join(" UNION ")})`;
// An id that the caller made may hold the person's id. Where it does not, it stays: it keeps a late retry from coming back.
const withoutThem = (column: string): string =>
  `${column} = CASE WHEN position(COALESCE(${EXTERNAL_ID}, ${column} || '!') IN ${column}) > 0 THEN 'erased:' || gen_random_uuid() ELSE ${column} END`;
// The same in every table, or what others say later of this unit's executions would count nowhere. Nobody keeps the salt.
const UNIT_ERASED = `unit_id = CASE WHEN unit_id IS NULL THEN NULL ELSE 'erased:' || md5($salt || unit_id) END`;
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
  // Before the retrievals that it quotes.
  retrieval_memory: {
    kind: "personal",
    person: `t.retrieval_id IN (SELECT r.id FROM retrievals r WHERE r.organization_id = $organization AND r.execution_id IN ${EXECUTIONS})`,
    erase: "delete",
  },
  retrievals: {
    kind: "personal",
    person: `t.execution_id IN ${EXECUTIONS}`,
    erase: `query_text = ${ERASED}, excerpts = NULL, ${withoutThem("execution_external_id")}`,
  },
  agent_versions: {
    kind: "personal",
    person: `EXISTS (SELECT 1 FROM jsonb_array_elements(t.config->'demonstrations') d WHERE ${DEMONSTRATION}) OR t.training_run_id IN ${RUNS}`,
    erase: `config = jsonb_set(config, '{demonstrations}', COALESCE((SELECT jsonb_agg(d ORDER BY n) FROM jsonb_array_elements(t.config->'demonstrations') WITH ORDINALITY AS a(d, n)
      WHERE NOT COALESCE(${DEMONSTRATION}, false)), '[]')),
      change_summary = CASE WHEN t.training_run_id IN ${RUNS} THEN NULL ELSE change_summary END,
      report = (report #- '{gate,reasons}') || '{"demonstrations_erased": true}', evidence_erased_at = learning_now()`,
    // The other demonstrations are other people's, and so is the input of one that they corrected.
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'number', t.number, 'created_at', t.created_at,
      'demonstrations', (SELECT jsonb_agg(CASE WHEN ${OWN_DEMONSTRATION} THEN d ELSE jsonb_build_object('output', d->'output') END) FROM jsonb_array_elements(t.config->'demonstrations') d WHERE ${DEMONSTRATION}))`,
  },
  evaluation_reports: {
    kind: "personal",
    person: anyOf("evaluation_reports", [
      `dataset_id IN ${DATASETS}`,
      `training_run_id IN ${RUNS}`,
      `evaluation_run_id IN (SELECT a.run_id FROM evaluation_answers a WHERE a.organization_id = $organization AND a.case_id IN ${CASES})`,
    ]),
    // Sentences may quote a training text, excerpts an answer; of the cases only theirs are emptied.
    erase: `report = (report - 'reasons')
      || CASE WHEN report ? 'checks' THEN jsonb_build_object('checks', COALESCE((SELECT jsonb_agg((c - 'detail')
        || CASE WHEN c ? 'findings' THEN jsonb_build_object('findings', COALESCE((SELECT jsonb_agg(f || '{"excerpt": "[erased]"}')
          FROM jsonb_array_elements(c->'findings') f), '[]')) ELSE '{}' END) FROM jsonb_array_elements(report->'checks') c), '[]')) ELSE '{}' END
      || CASE WHEN report ? 'cases' AND jsonb_typeof(report->'cases') = 'array' THEN jsonb_build_object('cases', COALESCE((SELECT jsonb_agg(
        CASE WHEN c->>'case_id' IN (SELECT id::text FROM ${CASES} AS own(id))
          THEN c || '{"output": null, "expected_output": "[erased]", "reason": null}' ELSE c END)
        FROM jsonb_array_elements(report->'cases') c), '[]')) ELSE '{}' END
      || CASE WHEN jsonb_typeof(report->'rows_compared') = 'array' THEN jsonb_build_object('rows_compared', COALESCE((SELECT jsonb_agg(
        CASE WHEN c->>'row_id' IN (SELECT id::text FROM ${EXAMPLES} AS own(id)) THEN c - 'baseline_output' - 'candidate_output' ELSE c END
        ORDER BY n) FROM jsonb_array_elements(report->'rows_compared') WITH ORDINALITY AS compared(c, n)), '[]')) ELSE '{}' END`,
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'kind', t.kind, 'created_at', t.created_at)`,
  },
  evaluation_answers: {
    kind: "personal",
    person: `t.case_id IN ${CASES}`,
    erase: `output = CASE WHEN output IS NULL THEN NULL ELSE ${ERASED} END, error = CASE WHEN error IS NULL THEN NULL ELSE ${ERASED} END`,
  },
  training_run_events: {
    kind: "personal",
    person: `t.run_id IN ${RUNS}`,
    erase: "data = data - 'reasons' - 'message' - 'lines'",
    exported: `jsonb_build_object('run_id', t.run_id, 'sequence', t.sequence, 'type', t.type, 'created_at', t.created_at)`,
  },
  training_runs: {
    kind: "personal",
    // An embedder learns from what people asked.
    person: anyOf("training_runs", [
      `dataset_id IN ${DATASETS}`,
      `config->>'method' = 'embedding' AND agent_id IN (SELECT e.agent_id FROM agent_executions e
        WHERE e.organization_id = $organization AND e.user_id = $person)`,
    ]),
    erase: "checkpoint = NULL, metrics = (metrics - 'reasons' - 'notes' - 'diff') #- '{gate,reasons}'",
    exported: `jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'name', t.name, 'dataset_id', t.dataset_id, 'created_at', t.created_at)`,
  },
  training_dataset_items: {
    kind: "personal",
    person: `(t.dataset_id, t.position) IN ${ITEMS}`,
    // Of an item that they corrected, the rest is somebody else's.
    exported: `CASE WHEN t.learning_example_id IN ${EXAMPLES} THEN to_jsonb(t) ELSE jsonb_build_object('dataset_id', t.dataset_id,
      'position', t.position, 'expected_output', t.item->'expected_output') END`,
    // The hash of what it was would let somebody who guesses it find it out.
    erase: `item = '${JSON.stringify(ERASED_ITEM)}', item_hash = '${ERASED_ITEM_HASH}', group_key = ${ERASED}`,
  },
  regression_cases: {
    kind: "personal",
    person: `t.id IN ${CASES}`,
    exported: `CASE WHEN t.source_execution_id IN ${EXECUTIONS} OR t.learning_example_id IN ${EXAMPLES} THEN to_jsonb(t)
      ELSE jsonb_build_object('id', t.id, 'agent_id', t.agent_id, 'expected_output', t.expected_output) END`,
    erase: `input_text = ${ERASED}, input_context = '{}', expected_output = ${ERASED}, evaluator = '{"kind": "normalised"}', slices = '[]', is_active = false`,
  },
  annotation_tasks: {
    kind: "personal",
    person: anyOf("annotation_tasks", [
      `learning_example_id IN ${EXAMPLES}`,
      "contributor_id = $person",
      "claimed_by = $person",
      "deferred_by <> '[]' AND deferred_by ? $person::text",
    ]),
    erase: "defer_reason = NULL",
  },
  expert_annotations: {
    kind: "personal",
    person: anyOf("expert_annotations", ["expert_id = $person", `learning_example_id IN ${EXAMPLES}`]),
    // By `eraseJudgements`, with what rests on them, when everything else is done: by them their words are found.
    erase: "delete",
  },
  idempotency_keys: {
    kind: "personal",
    // There are many of them. An answer to feedback holds ids of feedback alone; one to other evidence the callers' own ids too,
    // which may hold the person's.
    person: `CASE WHEN t.operation IN ('submitFeedback', 'submitFeedbackBatch') THEN position(COALESCE(${EXTERNAL_ID}, t.key || '!') IN t.key) > 0
      ELSE position($person::text IN t.response_body::text) > 0 OR position(to_json(${EXTERNAL_ID})::text IN t.response_body::text) > 0
        OR position(COALESCE(${EXTERNAL_ID}, t.key || '!') IN t.key || t.response_body::text) > 0
        OR (t.operation NOT IN ('recordExecutions', 'recordRetrievals')
          AND EXISTS (SELECT 1 FROM (SELECT id FROM ${EXAMPLES} AS x(id) UNION ALL SELECT id FROM ${EXECUTIONS} AS e(id)) AS own(id)
            WHERE position(own.id::text IN t.response_body::text) > 0)) END`,
    erase: "delete",
    exported: `jsonb_build_object('key', t.key, 'operation', t.operation, 'created_at', t.created_at)`,
  },
  learning_examples: {
    kind: "personal",
    person: `t.id IN ${EXAMPLES}`,
    erase: `input_text = ${ERASED}, input_context = '{}', ${orErased("original_output")}, expected_output = ${ERASED}, ${orErased("output_a")}, ${orErased("output_b")},
      review_notes = NULL, tags = '[]', import_hash = NULL, group_key = 'erased:' || id::text, is_active = false, review_status = 'withdrawn', version = version + 1`,
  },
  documents: none("what the organization gave its agent to read"),
  chunkings: none("settings and counts"),
  chunks: none("pieces of the documents"),
  chunk_embeddings: none("vectors of the pieces"),
  chunk_terms: none("words of the pieces"),
  retrieval_artifacts: references("numbers about chunks; the queries are in its memory"),
  agent_feedback_issues: references("which feedback names which issue category"),
  retention_marks: none("up to when evidence was emptied"),
  retrieval_spot_checks: references("which retrieval was put to people, as which example"),
  annotation_queues: references("settings and guidelines; created_by is an id"),
  gold_answers: references("decisions and numbers"),
  // One about several people stays: who contributed what, by id; the sentence counts and quotes nothing.
  contribution_suspicions: {
    kind: "personal",
    person: "t.contributor_ids = jsonb_build_array($person::text)",
    erase: "delete",
  },
  agent_feedback: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `feedback_text = NULL, ${orErased("correction_text")}, metadata = '{}'`,
  },
  // Before the exposures, by which they are found: their key begins with what the unit was exposed in.
  unit_metrics: {
    kind: "personal",
    person: `(t.subject_id, t.unit_id) IN (SELECT x.subject_id, x.unit_id FROM exposures x
      WHERE x.organization_id = $organization AND x.unit_id IN ${UNITS})`,
    erase: UNIT_ERASED,
  },
  exposures: {
    kind: "personal",
    person: `t.unit_id IN ${UNITS}`,
    erase: UNIT_ERASED,
  },
  outcomes: {
    kind: "personal",
    person: `t.unit_id IN ${UNITS}`,
    erase: `${UNIT_ERASED}, outcome_id = 'erased:' || gen_random_uuid()`,
  },
  agent_executions: {
    kind: "personal",
    person: "t.user_id = $person",
    erase: `input_text = ${ERASED}, input_context = '{}', ${orErased("output_text")}, error_message = NULL, metadata = '{}', session_id = NULL, ${UNIT_ERASED},
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
  learning_budgets: references("limits, and who set them"),
  model_spending: none("counts"),
  training_artifacts: references(
    "names, hashes and sizes of files; the runs that learned from a person are marked",
  ),
  agents: references("settings; created_by is an id"),
  audit_log: references("ids, states and numbers, never content; the chain must stay whole"),
  audit_heads: none("the head of the chain"),
  serving_pointers: none("which version runs"),
  serving_revisions: none("a counter"),
  metric_sources: none("whether a metric's source is well"),
  agent_daily_statistics: none("counts"),
  training_datasets: references("counts and hashes; what an erasure leaves of one is sealed anew"),
  evaluation_runs: references("verdicts and counts; what was answered is in its answers"),
  learning_experiments: references("who decided, and why"),
  experiment_states: none("sums over units"),
  unit_changes: none("sums over units"),
  experiment_looks: none("numbers"),
  rollouts: references("who created it"),
  rollout_events: references("numbers, ids of executions and a reason"),
};
