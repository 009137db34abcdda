import { agentVersionConfig } from "@agent-learning/contract";
import {
  type Fill,
  AGENTS,
  JSON_OBJECT,
  ROWS_PER_USER,
  agentOf,
  all,
  fixed,
  id,
  share,
  time,
  userOf,
  versionOf,
} from "./fill.ts";

const HELD = {
  content: {
    feedback_type: "thumbs_up",
    rating: null,
    feedback_text: null,
    correction_text: null,
    issue_categories: [],
    dimensions: {},
    signal: null,
    metadata: {},
  },
  version: 1,
  revisions: [],
  updated_at: "2026-01-01T00:00:00.000Z",
};
/** One issue is named often, one rarely. */
const ISSUE = "CASE WHEN n % 1000 = 3 THEN 'too_long' ELSE 'incorrect' END";

/** Three to five calls in one of several orders, of which some fail. */
const TOOL_CALLS = `(SELECT jsonb_agg(jsonb_build_object('tool', (ARRAY['search', 'open', 'calculate', 'check', 'write'])[1 + (n + step * (1 + n % 3)) % 5],
  'failed', (n + step) % 40 = 0, 'duration_ms', 20 + n % 300)) FROM generate_series(1, 3 + n % 3) AS step)`;

const VERSION = agentVersionConfig.parse({
  runtime: "demonstrations",
  demonstrations: [{ input: "a", output: "b" }],
});

/** Who there is, and what they did and said. */
export const EVIDENCE_FILLS: readonly Fill[] = [
  {
    table: "users",
    count: share(ROWS_PER_USER),
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
      config: `'${JSON.stringify(VERSION)}'::jsonb`,
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
      metadata: `CASE WHEN n % 5 = 2 THEN jsonb_build_object('tool_calls', ${TOOL_CALLS}) ELSE '{}' END`,
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
      // Triggers are off while rows are made: the next table is what they would have written.
      issue_categories: `CASE WHEN n % 50 = 3 THEN jsonb_build_array(${ISSUE}) ELSE '[]' END`,
      status: `CASE WHEN n % 500 = 3 THEN 'withdrawn' ELSE 'live' END`,
      created_at: time("n"),
      updated_at: time("n"),
    },
  },
  {
    table: "agent_feedback_issues",
    count: share(50),
    columns: {
      feedback_id: id("feedback", "n * 50 + 3"),
      issue_category: ISSUE.replaceAll("n %", "(n * 50 + 3) %"),
      agent_id: agentOf("(n * 50 + 3)"),
      status: `CASE WHEN n % 10 = 0 THEN 'withdrawn' ELSE 'live' END`,
      created_at: time("(n * 50 + 3)"),
    },
  },
  {
    table: "agent_feedback_history",
    count: share(100),
    columns: {
      feedback_id: id("feedback", "n * 100 + 3"),
      version: "1",
      action: `CASE WHEN n % 5 = 0 THEN 'withdrawn' ELSE 'amended' END`,
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
      payload: `'${JSON.stringify(HELD)}'::jsonb`,
      // What waits is given up after some hours: it does not grow with what was.
      status: `CASE WHEN n < 400 THEN 'held' WHEN n % 3 = 0 THEN 'expired' ELSE 'attached' END`,
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
];
