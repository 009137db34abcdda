import { Client } from "pg";
import { type Kind, KINDS, SCALE_FUNCTIONS } from "./scale-ids.ts";

/** What a filled database holds, beside a hundredth of it in a second organization. */
export interface Volume {
  /** Executions, feedback, examples and annotation tasks, each. */
  rows: number;
}

/** Agents of the large organization; the first one has most of everything. */
export const AGENTS = 20;
const USERS = 5_000;
const SMALL = 1_000;

const id = (kind: Kind, n: string): string => `pg_temp.scale_id(${KINDS[kind]}, ${n})`;
const ORGANIZATION = id("organization", "1");
const time = (n: string): string => `pg_temp.scale_time(${n})`;
// Two thirds to the first agent, the rest to the others in turn.
const agentOf = (n: string): string => id("agent", `CASE WHEN ${n} % 3 < 2 THEN 0 ELSE ${n} % ${AGENTS} END`);
const userOf = (n: string): string => id("user", `${n} % ${USERS}`);
const memberOf = (n: string): string => id("user", `${n} % 50`);
const versionOf = (n: string): string => id("version", `${n} % 3`);

interface Fill {
  table: string;
  /** Rows for a volume. */
  count(volume: Volume): number;
  /** Column → SQL over `n`, 0 and up. */
  columns: Readonly<Record<string, string>>;
}

const all = ({ rows }: Volume): number => rows;
const share =
  (of: number) =>
  ({ rows }: Volume): number =>
    Math.ceil(rows / of);
const fixed = (count: number) => (): number => count;

const JSON_OBJECT = `'{}'::jsonb`;
const FILLS: readonly Fill[] = [
  {
    table: "users",
    count: fixed(USERS),
    columns: {
      id: id("user", "n"),
      kind: `CASE WHEN n < 50 THEN 'member' ELSE 'end_user' END`,
      external_id: `CASE WHEN n < 50 THEN NULL ELSE 'person-' || n END`,
      email: `CASE WHEN n < 50 THEN 'member-' || n || '@example.org' END`,
    },
  },
  {
    table: "memberships",
    count: fixed(50),
    columns: {
      user_id: id("user", "n"),
      role: `(ARRAY['admin', 'reviewer', 'annotator', 'viewer'])[1 + n % 4]`,
    },
  },
  {
    table: "agents",
    count: fixed(AGENTS),
    columns: {
      id: id("agent", "n"),
      slug: `CASE WHEN n = 0 THEN 'my-agent' ELSE 'agent-' || n END`,
      name: `'Agent ' || n`,
    },
  },
  {
    table: "agent_versions",
    count: fixed(300),
    columns: {
      id: id("version", "n"),
      agent_id: id("agent", "CASE WHEN n < 200 THEN 0 ELSE n % 20 END"),
      number: "n + 1",
      content_hash: "md5(n::text) || md5(n::text)",
      config: `'{"runtime": "demonstrations", "demonstrations": [{"input": "a", "output": "b"}]}'::jsonb`,
      origin: `'manual'`,
    },
  },
  {
    table: "serving_pointers",
    count: fixed(1),
    columns: { agent_id: id("agent", "0"), environment: `'production'`, version_id: id("version", "0") },
  },
  {
    table: "agent_executions",
    count: all,
    columns: {
      id: id("execution", "n"),
      agent_id: agentOf("n"),
      external_id: `'execution-' || n`,
      version_id: versionOf("n"),
      unit_id: `'unit-' || n % 100000`,
      session_id: `'session-' || n / 5`,
      user_id: userOf("n"),
      input_text: `'question ' || n`,
      output_text: `'answer ' || n`,
      status: `CASE WHEN n % 1000 = 7 THEN 'failed' ELSE 'succeeded' END`,
      latency_ms: "100 + n % 400",
      created_at: time("n"),
    },
  },
  {
    table: "agent_feedback",
    count: all,
    columns: {
      id: id("feedback", "n"),
      agent_id: agentOf("n"),
      execution_id: id("execution", "n"),
      user_id: userOf("n"),
      feedback_type: `(ARRAY['thumbs_up', 'thumbs_up', 'rating', 'correction'])[1 + n % 4]`,
      rating: "CASE WHEN n % 4 = 2 THEN 1 + n % 5 END",
      correction_text: `CASE WHEN n % 4 = 3 THEN 'rather ' || n END`,
      satisfaction: "CASE WHEN n % 4 < 2 THEN 1.0 END",
      status: `CASE WHEN n % 500 = 3 THEN 'withdrawn' ELSE 'live' END`,
      created_at: time("n"),
      updated_at: time("n"),
    },
  },
  {
    table: "agent_feedback_history",
    count: share(500),
    columns: {
      feedback_id: id("feedback", "n * 500 + 3"),
      version: "1",
      action: `'withdrawn'`,
      snapshot: JSON_OBJECT,
    },
  },
  {
    table: "agent_feedback_holding",
    count: share(20),
    columns: {
      id: id("held", "n"),
      agent_id: agentOf("n"),
      execution_external_id: `'not-yet-' || n`,
      user_id: userOf("n"),
      payload: `'{"feedback_type": "thumbs_up", "metadata": {}}'::jsonb`,
      status: `(ARRAY['attached', 'attached', 'expired', 'held'])[1 + n % 4]`,
      expires_at: `${time("n")} + interval '90 days'`,
      created_at: time("n"),
    },
  },
  {
    table: "retrievals",
    count: share(4),
    columns: {
      id: id("retrieval", "n"),
      agent_id: agentOf("n"),
      execution_id: id("execution", "n * 4"),
      execution_external_id: `'execution-' || n * 4`,
      query_text: `'query ' || n`,
      chunks: `'[{"chunk_id": "a", "rank": 1}]'::jsonb`,
      created_at: time("n * 4"),
    },
  },
  {
    table: "learning_examples",
    count: all,
    columns: {
      id: id("example", "n"),
      agent_id: agentOf("n"),
      example_type: `(ARRAY['positive', 'correction', 'negative', 'positive', 'failure'])[1 + n % 5]`,
      input_context: JSON_OBJECT,
      input_text: `'question ' || n`,
      original_output: `'answer ' || n`,
      expected_output: `'answer ' || n`,
      source_type: `'user_feedback'`,
      source_user_id: userOf("n"),
      source_execution_id: id("execution", "n"),
      source_feedback_id: id("feedback", "n"),
      group_key: `'session:session-' || n / 5`,
      review_status: `(ARRAY['pending', 'approved', 'approved', 'rejected'])[1 + n % 4]`,
      reviewed_at: `CASE WHEN n % 4 > 0 THEN ${time("n")} END`,
      quality_score: "CASE WHEN n % 4 > 0 THEN 0.5 + (n % 50) / 100.0 END",
      is_active: "n % 300 <> 5",
      created_at: time("n"),
      updated_at: time("n"),
    },
  },
  {
    table: "annotation_tasks",
    count: all,
    columns: {
      id: id("task", "n"),
      learning_example_id: id("example", "n"),
      agent_id: agentOf("n"),
      slot: "1",
      // Most are done; a quarter waits.
      status: `CASE WHEN n % 4 > 0 THEN 'completed' WHEN n % 20000 = 4 THEN 'claimed' ELSE 'open' END`,
      priority: "CASE n % 5 WHEN 1 THEN 500 WHEN 2 THEN 300 ELSE 100 END",
      contributor_id: userOf("n"),
      claimed_by: `CASE WHEN n % 4 > 0 OR n % 20000 = 4 THEN ${memberOf("n")} END`,
      lease_expires_at: `CASE WHEN n % 20000 = 4 THEN now() + interval '1 day' END`,
      completed_at: `CASE WHEN n % 4 > 0 THEN ${time("n")} END`,
      created_at: time("n"),
    },
  },
  {
    table: "expert_annotations",
    count: share(2),
    columns: {
      id: id("annotation", "n"),
      agent_id: agentOf("n"),
      learning_example_id: id("example", "n"),
      expert_id: memberOf("n"),
      annotation_type: `'review'`,
      annotation_data: `'{"decision": "approve"}'::jsonb`,
      decision: `'approve'`,
      technical_accuracy: "0.9",
      professional_quality: "0.9",
      completeness: "0.9",
      clarity: "0.9",
      is_verified: "n % 3 = 0",
      verified_by: `CASE WHEN n % 3 = 0 THEN ${memberOf("n + 1")} END`,
      created_at: time("n * 2"),
    },
  },
  {
    table: "training_datasets",
    count: fixed(SMALL),
    columns: {
      id: id("dataset", "n"),
      agent_id: id("agent", "n % 20"),
      name: `'dataset ' || n`,
      version: `'1'`,
      status: `CASE WHEN n = 0 THEN 'draft' ELSE 'frozen' END`,
      content_hash: "md5(n::text) || md5(n::text)",
      frozen_at: time("n * 1000"),
      created_at: time("n * 1000"),
    },
  },
  {
    table: "training_dataset_items",
    count: share(5),
    columns: {
      dataset_id: id("dataset", "n / 20000"),
      position: "n % 20000",
      learning_example_id: id("example", "n"),
      split: `(ARRAY['train', 'train', 'train', 'validation', 'test'])[1 + n % 5]`,
      group_key: "'group ' || n",
      item: `jsonb_build_object('learning_example_id', ${id("example", "n")}, 'example_type', 'positive', 'input_text', 'question', 'expected_output', 'answer')`,
      item_hash: "md5(n::text) || md5(n::text)",
    },
  },
  {
    table: "training_runs",
    count: fixed(SMALL),
    columns: {
      id: id("run", "n"),
      name: `'run ' || n`,
      agent_id: id("agent", "n % 20"),
      training_type: `'prompt_optimization'`,
      config: JSON_OBJECT,
      status: `(ARRAY['completed', 'completed', 'failed', 'cancelled'])[1 + n % 4]`,
      started_at: time("n * 1000"),
      completed_at: time("n * 1000"),
      created_at: time("n * 1000"),
    },
  },
  {
    table: "training_run_events",
    count: share(20),
    columns: { run_id: id("run", "n % 1000"), sequence: "1 + n / 1000", type: `'progress'` },
  },
  {
    table: "regression_cases",
    count: share(100),
    columns: {
      id: id("case", "n"),
      agent_id: agentOf("n"),
      learning_example_id: id("example", "n"),
      input_text: "'question'",
      expected_output: "'answer'",
      created_at: time("n * 100"),
    },
  },
  {
    table: "evaluation_reports",
    count: fixed(SMALL),
    columns: {
      id: id("report", "n"),
      agent_id: agentOf("n"),
      candidate_version_id: id("version", "n % 300"),
      kind: `'gate'`,
      verdict: `'reject'`,
      report: JSON_OBJECT,
      created_at: time("n * 1000"),
    },
  },
  {
    table: "learning_experiments",
    count: fixed(SMALL),
    columns: {
      id: id("experiment", "n"),
      name: `'experiment ' || n`,
      agent_id: id("agent", "n % 20"),
      control_config: JSON_OBJECT,
      treatment_config: JSON_OBJECT,
      control_version_id: id("version", "0"),
      treatment_version_id: id("version", "1"),
      assignment_seed: `'seed ' || n`,
      status: `CASE WHEN n = 0 THEN 'running' ELSE 'stopped' END`,
      started_at: "now() - interval '2 days'",
      created_at: time("n * 1000"),
    },
  },
  {
    table: "rollouts",
    count: fixed(SMALL),
    columns: {
      id: id("rollout", "n"),
      agent_id: id("agent", "n % 20"),
      baseline_version_id: id("version", "0"),
      candidate_version_id: id("version", "1"),
      status: `(ARRAY['completed', 'rolled_back'])[1 + n % 2]`,
      stages: `'[{"share": 0.05, "hours": 24}, {"share": 1, "hours": 0}]'::jsonb`,
      policy: JSON_OBJECT,
      significance_level: "0.05",
      assignment_seed: `'seed ' || n`,
      created_at: time("n * 1000"),
    },
  },
  {
    table: "rollout_events",
    count: fixed(5 * SMALL),
    columns: {
      rollout_id: id("rollout", "n % 1000"),
      version: "1 + n / 1000",
      event: `'advanced'`,
      stage: "0",
      share: "0.05",
      reason: "'in time'",
      actor_kind: "'system'",
    },
  },
  {
    table: "exposures",
    count: share(4),
    columns: {
      subject_id: id("experiment", "n % 3"),
      unit_id: `'unit-' || n / 3`,
      id: id("exposure", "n"),
      agent_id: agentOf("n"),
      subject_type: `'experiment'`,
      arm: `(ARRAY['control', 'treatment'])[1 + (n / 3) % 2]`,
      version_id: id("version", "(n / 3) % 2"),
      share: "0.5",
      created_at: time("n * 4"),
    },
  },
  {
    table: "unit_metrics",
    count: share(2),
    columns: {
      subject_id: id("experiment", "n % 3"),
      metric: `(ARRAY['satisfaction', 'error_rate'])[1 + (n / 3) % 2]`,
      unit_id: `'unit-' || n / 6`,
      subject_type: `'experiment'`,
      arm: `(ARRAY['control', 'treatment'])[1 + (n / 6) % 2]`,
      n: "1",
      sum: "n % 2",
      sum_squares: "n % 2",
      first_value: "n % 2",
      folded_at: "now()",
      folded_n: "1",
      folded_sum: "n % 2",
    },
  },
  {
    table: "idempotency_keys",
    count: share(4),
    columns: {
      key: `'key-' || n`,
      operation: `'submitFeedback'`,
      request_hash: "sha256(n::text::bytea)",
      response_status: "201",
      response_body: `jsonb_build_object('id', ${id("feedback", "n")})`,
      created_at: "now() - make_interval(secs => n % 500000)",
    },
  },
  {
    table: "audit_log",
    count: share(10),
    columns: {
      sequence: "n + 1",
      actor_kind: `'system'`,
      action: `'agent.updated'`,
      entity_type: `(ARRAY['agent', 'learning_example', 'annotation'])[1 + n % 3]`,
      entity_id: `${id("example", "n / 10")}::text`,
      previous_hash: "'\\x'",
      hash: "sha256(n::text::bytea)",
      created_at: time("n * 10"),
    },
  },
  {
    table: "agent_daily_statistics",
    count: fixed(90 * 40 * AGENTS),
    columns: {
      agent_id: id("agent", `n % ${AGENTS}`),
      day: `(now() AT TIME ZONE 'UTC')::date - ((n / ${AGENTS}) % 90)::int`,
      metric: `(ARRAY['executions', 'errors', 'latency_ms', 'feedback', 'vote', 'rating', 'correction', 'examples', 'annotations'] || (SELECT array_agg('issue:c' || i) FROM generate_series(1, 31) i))[1 + (n / ${90 * AGENTS})]`,
      count: "1 + n % 100",
      sum: "n % 100",
    },
  },
];

/** Tables that grow with the volume: where a whole one must never be read. */
export const LARGE_TABLES: ReadonlySet<string> = new Set(
  FILLS.filter(({ count }) => count({ rows: 1_000_000 }) > 2 * count({ rows: 100_000 })).map(
    ({ table }) => table,
  ),
);

async function secondaryIndexes(
  client: Client,
  table: string,
): Promise<{ name: string; definition: string }[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [table],
  );
  return rows;
}

/**
 * Brings a migrated database up to a volume, from another volume or from nothing. Rows are made inside the database, without
 * checking foreign keys, and indexes are built afterwards.
 */
export async function fillDatabase(url: string, to: Volume, from: Volume = { rows: 0 }): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(SCALE_FUNCTIONS);
    await client.query(
      "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'",
    );
    if (from.rows === 0) {
      await client.query(
        `INSERT INTO organizations (id, name, slug) VALUES (${ORGANIZATION}, 'Large', 'large')`,
      );
    }
    for (const { table, count, columns } of FILLS) {
      const first = from.rows === 0 ? 0 : count(from);
      const last = count(to);
      if (last <= first) continue;
      const indexes = await secondaryIndexes(client, table);
      for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
      await client.query(`INSERT INTO ${table} (organization_id, ${Object.keys(columns).join(", ")})
        SELECT ${ORGANIZATION}, ${Object.values(columns).join(", ")} FROM generate_series(${first}::bigint, ${last - 1}::bigint) AS g(n)`);
      for (const { definition } of indexes) await client.query(definition);
    }
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
}
