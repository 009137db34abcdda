-- Agent Learning System: the whole schema.
-- Plain SQL, applied by `agent-learning migrate`, at server start, or by the Supabase CLI alike.
--
-- Conventions
--   * every table carries organization_id, its primary key starts with it, and every foreign key contains it
--   * row-level security is forced on every table: the tenant role sees one organization, named by a
--     transaction-local claim; the system role is for authentication and for finding due work only
--   * learning_now() is the time that decides anything; with no offset it is NOW()
--   * evidence tables are append-mostly and ordered by time (UUIDv7), so that they can be partitioned by month

-- Roles -----------------------------------------------------------------------------------------------------------------

-- Where the migrating role may not create roles, an administrator creates these two and grants them to it first.
DO $$
BEGIN
  IF to_regrole('agent_learning_app') IS NULL THEN
    CREATE ROLE agent_learning_app NOLOGIN NOINHERIT;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  IF to_regrole('agent_learning_system') IS NULL THEN
    CREATE ROLE agent_learning_system NOLOGIN NOINHERIT;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  -- Without inheriting (PostgreSQL 16 on), the login role itself sees no row either: only inside a claimed transaction.
  EXECUTE format('GRANT agent_learning_app, agent_learning_system TO %I%s', current_user,
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END);
EXCEPTION WHEN OTHERS THEN
  -- A superuser needs no membership; a concurrent migration of a sibling database may have granted it already.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT (pg_has_role(current_user, 'agent_learning_app', 'MEMBER')
       AND pg_has_role(current_user, 'agent_learning_system', 'MEMBER')) THEN RAISE; END IF;
END $$;

-- Time and tenancy ------------------------------------------------------------------------------------------------------

CREATE TABLE learning_clock (
  singleton BOOLEAN PRIMARY KEY DEFAULT true CHECK (singleton),
  clock_offset INTERVAL NOT NULL DEFAULT INTERVAL '0'
);
INSERT INTO learning_clock DEFAULT VALUES;

-- The only time that leases, stages, schedules and windows look at. The offset is zero except in the demo and in tests.
CREATE FUNCTION learning_now() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NOW() + clock_offset FROM public.learning_clock $$;

CREATE FUNCTION learning_organization_id() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('learning.organization_id', true), '')::uuid $$;

-- Administration --------------------------------------------------------------------------------------------------------

CREATE TABLE organizations (
  id UUID PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  slug VARCHAR(100) NOT NULL UNIQUE,
  settings JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now()
);

-- Members (who sign in) and end users (who rate answers), one row per organization and person.
CREATE TABLE users (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  kind VARCHAR(20) NOT NULL CHECK (kind IN ('member', 'end_user')),
  external_id TEXT,
  email TEXT,
  display_name TEXT,
  erased_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX users_external_id ON users (organization_id, external_id);
CREATE UNIQUE INDEX users_member_email ON users (organization_id, lower(email)) WHERE kind = 'member';

CREATE TABLE memberships (
  organization_id UUID NOT NULL,
  user_id UUID NOT NULL,
  role VARCHAR(20) NOT NULL CHECK (role IN ('viewer', 'annotator', 'reviewer', 'admin')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

-- Keys are stored as SHA-256 of 32 random bytes and shown once.
CREATE TABLE api_keys (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  kind VARCHAR(20) NOT NULL CHECK (kind IN ('user', 'secret', 'publishable')),
  user_id UUID,
  name VARCHAR(255) NOT NULL,
  display_prefix VARCHAR(20) NOT NULL,
  key_hash BYTEA NOT NULL UNIQUE,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  last_used_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
  CHECK ((kind = 'user') = (user_id IS NOT NULL))
);
CREATE INDEX api_keys_user ON api_keys (organization_id, user_id);
CREATE INDEX api_keys_created_by ON api_keys (organization_id, created_by);

CREATE TABLE issue_categories (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  slug VARCHAR(64) NOT NULL,
  label VARCHAR(255) NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  is_active BOOLEAN NOT NULL DEFAULT true,
  PRIMARY KEY (organization_id, slug)
);

-- Answers to mutating calls, so that a retry gets the first answer again.
CREATE TABLE idempotency_keys (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  key VARCHAR(255) NOT NULL,
  operation VARCHAR(100) NOT NULL,
  request_hash BYTEA NOT NULL,
  response_status INTEGER NOT NULL,
  response_body JSONB,
  response_headers JSONB,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, key)
);
-- By age first: with the organization first, a planner without statistics may walk it to find a key.
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at, organization_id);

-- Hash-chained: hash = sha256(previous_hash || canonical row). One chain per organization.
CREATE TABLE audit_log (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  sequence BIGINT NOT NULL,
  actor_kind VARCHAR(20) NOT NULL CHECK (actor_kind IN ('user', 'machine', 'system')),
  actor_id UUID,
  action VARCHAR(100) NOT NULL,
  entity_type VARCHAR(64) NOT NULL,
  entity_id TEXT NOT NULL,
  data JSONB NOT NULL DEFAULT '{}',
  previous_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, sequence)
);
CREATE INDEX audit_log_entity ON audit_log (organization_id, entity_id, sequence);
CREATE INDEX audit_log_entity_type ON audit_log (organization_id, entity_type, sequence);
CREATE TABLE audit_heads (
  organization_id UUID PRIMARY KEY REFERENCES organizations(id),
  sequence BIGINT NOT NULL DEFAULT 0,
  hash BYTEA NOT NULL DEFAULT '\x'
);

-- What the hash covers, spelled once so that writer and verifier cannot differ.
CREATE FUNCTION learning_audit_hash(
  previous BYTEA, organization UUID, sequence BIGINT, actor_kind TEXT, actor_id UUID,
  action TEXT, entity_type TEXT, entity_id TEXT, data JSONB, created_at TIMESTAMPTZ
) RETURNS BYTEA LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(previous || convert_to(jsonb_build_array(
    organization, sequence, actor_kind, actor_id, action, entity_type, entity_id, data,
    to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
  )::text, 'UTF8'))
$$;

-- Takes the organization's head row, so that two writers make one chain; the lock ends with the transaction.
CREATE FUNCTION learning_append_audit(
  p_actor_kind TEXT, p_actor_id UUID, p_action TEXT, p_entity_type TEXT, p_entity_id TEXT, p_data JSONB
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  organization UUID := public.learning_organization_id();
  head RECORD;
  stamp TIMESTAMPTZ := public.learning_now();
  next_hash BYTEA;
BEGIN
  INSERT INTO public.audit_heads (organization_id) VALUES (organization) ON CONFLICT DO NOTHING;
  SELECT h.sequence, h.hash INTO head FROM public.audit_heads h WHERE h.organization_id = organization FOR UPDATE;
  next_hash := public.learning_audit_hash(head.hash, organization, head.sequence + 1, p_actor_kind, p_actor_id,
    p_action, p_entity_type, p_entity_id, p_data, stamp);
  INSERT INTO public.audit_log (organization_id, sequence, actor_kind, actor_id, action, entity_type, entity_id, data,
    previous_hash, hash, created_at)
  VALUES (organization, head.sequence + 1, p_actor_kind, p_actor_id, p_action, p_entity_type, p_entity_id, p_data,
    head.hash, next_hash, stamp);
  UPDATE public.audit_heads h SET sequence = head.sequence + 1, hash = next_hash WHERE h.organization_id = organization;
  RETURN head.sequence + 1;
END $$;

-- Agents and their versions -----------------------------------------------------------------------------------------------

CREATE TABLE agents (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  slug VARCHAR(100) NOT NULL,
  name VARCHAR(255) NOT NULL,
  description TEXT,
  config JSONB NOT NULL DEFAULT '{}',
  policy JSONB NOT NULL DEFAULT '{}',
  version INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  archived_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, slug),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX agents_created_by ON agents (organization_id, created_by);

-- Immutable: config never changes after insert; review columns do.
CREATE TABLE agent_versions (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  number INTEGER NOT NULL,
  parent_version_id UUID,
  content_hash VARCHAR(64) NOT NULL,
  config JSONB NOT NULL,
  origin VARCHAR(50) NOT NULL CHECK (origin IN ('manual', 'prompt_optimization', 'rag_training', 'behavior_learning', 'fine_tuning', 'import')),
  training_run_id UUID,
  change_summary TEXT,
  report JSONB NOT NULL DEFAULT '{}',
  -- Share of replayed recent inputs whose output changes against the parent, 0 to 1; null = not measured.
  affected_query_share DOUBLE PRECISION CHECK (affected_query_share BETWEEN 0 AND 1),
  review_status VARCHAR(50) NOT NULL DEFAULT 'not_required' CHECK (review_status IN ('not_required', 'pending', 'approved', 'rejected')),
  reviewed_by UUID,
  reviewed_at TIMESTAMPTZ,
  review_notes TEXT,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, agent_id, number),
  UNIQUE (organization_id, agent_id, content_hash),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, parent_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, reviewed_by) REFERENCES users (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX agent_versions_parent ON agent_versions (organization_id, parent_version_id);
CREATE INDEX agent_versions_training_run ON agent_versions (organization_id, training_run_id);
CREATE INDEX agent_versions_reviewed_by ON agent_versions (organization_id, reviewed_by);
CREATE INDEX agent_versions_created_by ON agent_versions (organization_id, created_by);

-- Which version an environment runs. Every learned change is undone by moving this pointer.
CREATE TABLE serving_pointers (
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  environment VARCHAR(20) NOT NULL CHECK (environment IN ('production', 'staging')),
  version_id UUID NOT NULL,
  previous_version_id UUID,
  revision INTEGER NOT NULL DEFAULT 1,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, agent_id, environment),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, previous_version_id) REFERENCES agent_versions (organization_id, id)
);
CREATE INDEX serving_pointers_version ON serving_pointers (organization_id, version_id);
CREATE INDEX serving_pointers_previous ON serving_pointers (organization_id, previous_version_id);

-- Moves with everything that changes what resolve() answers: the ETag of the SDK's configuration.
CREATE TABLE serving_revisions (
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, agent_id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);

-- Collection --------------------------------------------------------------------------------------------------------------

CREATE TABLE agent_executions (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  external_id TEXT NOT NULL,
  version_id UUID,
  environment VARCHAR(20) NOT NULL DEFAULT 'production' CHECK (environment IN ('production', 'staging')),
  unit_id TEXT,
  session_id TEXT,
  user_id UUID,
  experiment_id UUID,
  rollout_id UUID,
  arm VARCHAR(64),
  input_text TEXT NOT NULL,
  input_context JSONB NOT NULL DEFAULT '{}',
  output_text TEXT,
  status VARCHAR(20) NOT NULL CHECK (status IN ('succeeded', 'failed')),
  error_type VARCHAR(100),
  error_message TEXT,
  task_completed BOOLEAN,
  latency_ms DOUBLE PRECISION CHECK (latency_ms >= 0),
  prompt_tokens INTEGER CHECK (prompt_tokens >= 0),
  completion_tokens INTEGER CHECK (completion_tokens >= 0),
  cost_usd NUMERIC(12,6) CHECK (cost_usd >= 0),
  metadata JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  -- In this order, so that a look-up by the caller's id cannot be mistaken for a scan of the agent's executions while the
  -- planner has no statistics yet.
  UNIQUE (organization_id, external_id, agent_id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX agent_executions_recent ON agent_executions (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX agent_executions_version ON agent_executions (organization_id, version_id, created_at DESC);
CREATE INDEX agent_executions_user ON agent_executions (organization_id, user_id);
-- Few, and looked for among many.
CREATE INDEX agent_executions_failed ON agent_executions (organization_id, agent_id, created_at DESC, id DESC) WHERE status = 'failed';

CREATE TABLE agent_feedback (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  execution_id UUID NOT NULL,
  user_id UUID NOT NULL,
  feedback_type VARCHAR(50) NOT NULL CHECK (feedback_type IN ('thumbs_up', 'thumbs_down', 'rating', 'correction', 'comment', 'dimension', 'implicit')),
  rating INTEGER CHECK (rating BETWEEN 1 AND 5),
  feedback_text TEXT,
  correction_text TEXT,
  issue_categories JSONB NOT NULL DEFAULT '[]',
  dimensions JSONB NOT NULL DEFAULT '{}',
  signal VARCHAR(50) CHECK (signal IN ('copied', 'retried', 'edited', 'abandoned', 'escalated', 'followed_citation')),
  -- 0 to 1: thumbs 0 or 1, ratings (r - 1) / 4; null when the feedback carries no vote.
  satisfaction DOUBLE PRECISION CHECK (satisfaction BETWEEN 0 AND 1),
  status VARCHAR(20) NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'withdrawn')),
  version INTEGER NOT NULL DEFAULT 1,
  metadata JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, execution_id) REFERENCES agent_executions (organization_id, id),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
  CHECK ((feedback_type = 'implicit') = (signal IS NOT NULL)),
  CHECK (feedback_type <> 'implicit' OR satisfaction IS NULL),
  CHECK (feedback_type <> 'correction' OR correction_text IS NOT NULL)
);
-- One live vote per rater and execution.
CREATE UNIQUE INDEX agent_feedback_live_vote ON agent_feedback (organization_id, execution_id, user_id)
  WHERE satisfaction IS NOT NULL AND status = 'live';
CREATE INDEX agent_feedback_execution ON agent_feedback (organization_id, execution_id);
CREATE INDEX agent_feedback_recent ON agent_feedback (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX agent_feedback_type ON agent_feedback (organization_id, agent_id, feedback_type, created_at DESC, id DESC);
CREATE INDEX agent_feedback_withdrawn ON agent_feedback (organization_id, agent_id, created_at DESC, id DESC) WHERE status = 'withdrawn';
CREATE INDEX agent_feedback_user ON agent_feedback (organization_id, user_id);

-- What a row was before it was amended or withdrawn. Append-only.
CREATE TABLE agent_feedback_history (
  organization_id UUID NOT NULL,
  feedback_id UUID NOT NULL,
  version INTEGER NOT NULL,
  action VARCHAR(20) NOT NULL CHECK (action IN ('amended', 'withdrawn')),
  snapshot JSONB NOT NULL,
  actor_id UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, feedback_id, version),
  FOREIGN KEY (organization_id, feedback_id) REFERENCES agent_feedback (organization_id, id)
);

-- Feedback whose execution is not known yet: attached when it arrives, expired with a count otherwise.
CREATE TABLE agent_feedback_holding (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  execution_external_id TEXT NOT NULL,
  user_id UUID NOT NULL,
  payload JSONB NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'attached', 'expired', 'withdrawn')),
  expires_at TIMESTAMPTZ NOT NULL,
  settled_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX agent_feedback_holding_execution ON agent_feedback_holding (organization_id, execution_external_id, agent_id) WHERE status = 'held';
CREATE INDEX agent_feedback_holding_expiry ON agent_feedback_holding (organization_id, expires_at) WHERE status = 'held';
CREATE INDEX agent_feedback_holding_user ON agent_feedback_holding (organization_id, user_id);
CREATE INDEX agent_feedback_holding_agent ON agent_feedback_holding (organization_id, agent_id, status, created_at DESC, id DESC);

CREATE TABLE retrievals (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  execution_id UUID,
  execution_external_id TEXT NOT NULL,
  query_text TEXT NOT NULL,
  -- [{ chunk_id, rank, score, features, examination_probability }]
  chunks JSONB NOT NULL,
  ranker_version VARCHAR(100),
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, execution_id) REFERENCES agent_executions (organization_id, id)
);
CREATE INDEX retrievals_execution ON retrievals (organization_id, execution_id);
CREATE INDEX retrievals_external ON retrievals (organization_id, execution_external_id, agent_id) WHERE execution_id IS NULL;
CREATE INDEX retrievals_recent ON retrievals (organization_id, agent_id, created_at DESC, id DESC);

-- Counters folded at write time, so that statistics cost days, not rows. A shard per writing process keeps writers apart.
-- metric: executions, split_executions, errors, latency_ms, cost_usd, tasks, tasks_completed, feedback, vote, rating, correction,
--         feedback_type:<type>, rating:<1..5>, dimension:<name>, issue:<slug>, signal:<name>,
--         examples, examples:<type>, annotations, annotation_quality:<decision>, quality:<tenth>, …;
--         version:<metric>:<uuid> per agent version
-- day 1970-01-01 holds gauges that go up and down: total_examples, open_annotations
CREATE TABLE agent_daily_statistics (
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  day DATE NOT NULL,
  metric VARCHAR(120) NOT NULL,
  shard SMALLINT NOT NULL DEFAULT 0,
  count BIGINT NOT NULL DEFAULT 0,
  sum DOUBLE PRECISION NOT NULL DEFAULT 0,
  sum_squares DOUBLE PRECISION NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, agent_id, day, metric, shard),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
-- For all agents at once.
CREATE INDEX agent_daily_statistics_day ON agent_daily_statistics (organization_id, day);

-- Curation ----------------------------------------------------------------------------------------------------------------

CREATE TABLE learning_examples (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  example_type VARCHAR(50) NOT NULL CHECK (example_type IN ('positive', 'negative', 'correction', 'demonstration', 'edge_case', 'failure', 'preference')),
  input_context JSONB NOT NULL,
  input_text TEXT NOT NULL,
  original_output TEXT,
  expected_output TEXT NOT NULL,
  output_a TEXT,
  output_b TEXT,
  preferred_output VARCHAR(1) CHECK (preferred_output IN ('A', 'B')),
  preference_strength INTEGER CHECK (preference_strength BETWEEN 1 AND 5),
  domain VARCHAR(100),
  task_type VARCHAR(100),
  complexity INTEGER CHECK (complexity BETWEEN 1 AND 5),
  jurisdictions JSONB DEFAULT '[]',
  tags JSONB DEFAULT '[]',
  quality_score DECIMAL(3,2) CHECK (quality_score BETWEEN 0 AND 1),
  confidence_score DECIMAL(3,2) CHECK (confidence_score BETWEEN 0 AND 1),
  source_type VARCHAR(50) NOT NULL CHECK (source_type IN ('user_feedback', 'expert_correction', 'expert_demonstration', 'execution', 'regression_case', 'import', 'synthetic')),
  source_user_id UUID,
  source_execution_id UUID,
  source_feedback_id UUID,
  -- Rows that must share a split: the session or source of the execution, and the correction's lineage.
  group_key TEXT NOT NULL,
  review_status VARCHAR(50) DEFAULT 'pending' CHECK (review_status IN ('pending', 'in_review', 'approved', 'rejected', 'withdrawn')),
  reviewed_by UUID,
  reviewed_at TIMESTAMPTZ,
  review_notes TEXT,
  times_used_in_training INTEGER DEFAULT 0,
  last_used_at TIMESTAMPTZ,
  is_active BOOLEAN DEFAULT true,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TIMESTAMPTZ DEFAULT learning_now(),
  updated_at TIMESTAMPTZ DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, source_user_id) REFERENCES users (organization_id, id),
  FOREIGN KEY (organization_id, source_execution_id) REFERENCES agent_executions (organization_id, id),
  FOREIGN KEY (organization_id, source_feedback_id) REFERENCES agent_feedback (organization_id, id),
  FOREIGN KEY (organization_id, reviewed_by) REFERENCES users (organization_id, id),
  CHECK (example_type <> 'preference' OR (output_a IS NOT NULL AND output_b IS NOT NULL))
);
-- Ids are UUIDv7: their order is the order of creation.
CREATE INDEX learning_examples_recent ON learning_examples (organization_id, agent_id, id DESC);
CREATE INDEX learning_examples_status ON learning_examples (organization_id, agent_id, review_status, id DESC);
CREATE INDEX learning_examples_type ON learning_examples (organization_id, agent_id, example_type, id DESC);
CREATE INDEX learning_examples_inactive ON learning_examples (organization_id, agent_id, id DESC) WHERE NOT is_active;
CREATE INDEX learning_examples_source_user ON learning_examples (organization_id, source_user_id);
CREATE INDEX learning_examples_source_execution ON learning_examples (organization_id, source_execution_id);
-- One live example for each feedback; what an amendment replaced stays, inactive.
CREATE UNIQUE INDEX learning_examples_source_feedback ON learning_examples (organization_id, source_feedback_id) WHERE is_active;
CREATE INDEX learning_examples_feedback ON learning_examples (organization_id, source_feedback_id);
CREATE INDEX learning_examples_reviewed_by ON learning_examples (organization_id, reviewed_by);

-- One row per annotation wanted: slot 1 … overlap, and slot 0 for an adjudication. A claim is a lease with a fencing token.
-- A slot waits until the one before it is claimed, so that whoever looks for new work never walks past slots of examples
-- that they have annotated themselves.
CREATE TABLE annotation_tasks (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  learning_example_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  slot INTEGER NOT NULL CHECK (slot >= 0),
  kind VARCHAR(20) NOT NULL DEFAULT 'annotation' CHECK (kind IN ('annotation', 'adjudication')),
  status VARCHAR(20) NOT NULL DEFAULT 'open' CHECK (status IN ('waiting', 'open', 'claimed', 'completed', 'cancelled')),
  priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 999),
  -- Smallest first: adjudications, further slots of what was begun, first slots; then by priority. Null outside the queue.
  queue_rank INTEGER GENERATED ALWAYS AS (
    CASE WHEN status IN ('open', 'claimed') THEN (CASE slot WHEN 0 THEN -1000 WHEN 1 THEN 1000 ELSE 0 END) - priority END) STORED,
  -- The example's source_user_id: nobody annotates what they contributed.
  contributor_id UUID,
  claimed_by UUID,
  lease_expires_at TIMESTAMPTZ,
  fencing_token BIGINT NOT NULL DEFAULT 0,
  -- Ids of those who passed on it, and the last one's reason.
  deferred_by JSONB NOT NULL DEFAULT '[]',
  defer_reason TEXT,
  completed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, learning_example_id, slot),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, claimed_by) REFERENCES users (organization_id, id)
);
-- Whole, not partial: a narrower index on (organization_id, agent_id) beside it would look better to a planner without
-- statistics (PGlite never gathers any), which then sorts the whole queue.
CREATE INDEX annotation_tasks_queue ON annotation_tasks (organization_id, agent_id, queue_rank, id);
CREATE INDEX annotation_tasks_queue_all ON annotation_tasks (organization_id, queue_rank, id);
CREATE INDEX annotation_tasks_leases ON annotation_tasks (organization_id, agent_id, claimed_by, lease_expires_at) WHERE status = 'claimed';
CREATE INDEX annotation_tasks_claimed_by ON annotation_tasks (organization_id, claimed_by);
CREATE INDEX annotation_tasks_contributor ON annotation_tasks (organization_id, contributor_id);
CREATE INDEX annotation_tasks_deferred ON annotation_tasks (organization_id) WHERE deferred_by <> '[]';
-- Nobody has two slots of one example.
CREATE UNIQUE INDEX annotation_tasks_person ON annotation_tasks (organization_id, learning_example_id, claimed_by) WHERE status IN ('claimed', 'completed');

CREATE TABLE expert_annotations (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  learning_example_id UUID NOT NULL,
  expert_id UUID NOT NULL,
  annotation_task_id UUID,
  annotation_type VARCHAR(50) NOT NULL CHECK (annotation_type IN ('review', 'adjudication')),
  -- { decision: approve | reject, corrected_output?, … }
  annotation_data JSONB NOT NULL,
  decision VARCHAR(20) NOT NULL CHECK (decision IN ('approve', 'reject')),
  technical_accuracy DECIMAL(3,2) CHECK (technical_accuracy BETWEEN 0 AND 1),
  professional_quality DECIMAL(3,2) CHECK (professional_quality BETWEEN 0 AND 1),
  completeness DECIMAL(3,2) CHECK (completeness BETWEEN 0 AND 1),
  clarity DECIMAL(3,2) CHECK (clarity BETWEEN 0 AND 1),
  notes TEXT,
  improvement_suggestions TEXT,
  is_verified BOOLEAN DEFAULT false,
  verified_by UUID,
  verified_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id),
  FOREIGN KEY (organization_id, expert_id) REFERENCES users (organization_id, id),
  FOREIGN KEY (organization_id, annotation_task_id) REFERENCES annotation_tasks (organization_id, id),
  FOREIGN KEY (organization_id, verified_by) REFERENCES users (organization_id, id),
  CHECK (verified_by IS NULL OR verified_by <> expert_id)
);
CREATE UNIQUE INDEX expert_annotations_once ON expert_annotations (organization_id, learning_example_id, expert_id, annotation_type);
CREATE INDEX expert_annotations_agent ON expert_annotations (organization_id, agent_id, id DESC);
CREATE INDEX expert_annotations_recent ON expert_annotations (organization_id, created_at, agent_id, expert_id);
-- As numbers: without statistics a planner takes either truth value for half of the rows, and walks the index above.
CREATE INDEX expert_annotations_verification ON expert_annotations (organization_id, agent_id, (is_verified::int), id DESC);
CREATE INDEX expert_annotations_verification_all ON expert_annotations (organization_id, (is_verified::int), id DESC);
CREATE INDEX expert_annotations_expert ON expert_annotations (organization_id, expert_id, id DESC);
CREATE INDEX expert_annotations_task ON expert_annotations (organization_id, annotation_task_id);
CREATE INDEX expert_annotations_verified_by ON expert_annotations (organization_id, verified_by);

CREATE TABLE training_datasets (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  name VARCHAR(255) NOT NULL,
  description TEXT,
  version VARCHAR(20) NOT NULL,
  agent_ids JSONB DEFAULT '[]',
  domains JSONB DEFAULT '[]',
  task_types JSONB DEFAULT '[]',
  total_examples INTEGER DEFAULT 0,
  positive_examples INTEGER DEFAULT 0,
  negative_examples INTEGER DEFAULT 0,
  correction_examples INTEGER DEFAULT 0,
  avg_quality_score DECIMAL(3,2),
  human_verified_percentage DECIMAL(5,2),
  status VARCHAR(50) DEFAULT 'draft' CHECK (status IN ('draft', 'frozen', 'archived')),
  -- The agent whose examples it holds; agent_ids is the guide's wider list.
  agent_id UUID NOT NULL,
  selection JSONB NOT NULL DEFAULT '{}',
  agreement DOUBLE PRECISION,
  doubly_annotated INTEGER NOT NULL DEFAULT 0,
  content_hash VARCHAR(64),
  split_salt VARCHAR(64),
  split_counts JSONB NOT NULL DEFAULT '{}',
  card JSONB NOT NULL DEFAULT '{}',
  frozen_at TIMESTAMPTZ,
  revision INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ DEFAULT learning_now(),
  updated_at TIMESTAMPTZ DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, agent_id, name, version),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX training_datasets_recent ON training_datasets (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX training_datasets_created_by ON training_datasets (organization_id, created_by);

-- Items of a frozen dataset carry their own copy, so that a version stays what it was.
CREATE TABLE training_dataset_items (
  organization_id UUID NOT NULL,
  dataset_id UUID NOT NULL,
  position INTEGER NOT NULL,
  learning_example_id UUID NOT NULL,
  split VARCHAR(20) NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  group_key TEXT NOT NULL,
  item JSONB NOT NULL,
  item_hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (organization_id, dataset_id, position),
  UNIQUE (organization_id, dataset_id, learning_example_id),
  FOREIGN KEY (organization_id, dataset_id) REFERENCES training_datasets (organization_id, id),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id)
);
CREATE INDEX training_dataset_items_example ON training_dataset_items (organization_id, learning_example_id);
CREATE INDEX training_dataset_items_split ON training_dataset_items (organization_id, dataset_id, split, position);

-- What is frozen stays: no row of it is added, changed or removed. Only the system role may, and only the erasure of a person
-- writes here as the system role.
CREATE FUNCTION learning_protect_frozen_items() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM changed JOIN public.training_datasets d ON d.organization_id = changed.organization_id AND d.id = changed.dataset_id
    WHERE d.status <> 'draft'
  ) AND current_user <> 'agent_learning_system' THEN
    RAISE EXCEPTION 'items of a frozen dataset cannot be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER protect_frozen_insert AFTER INSERT ON training_dataset_items REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION learning_protect_frozen_items();
CREATE TRIGGER protect_frozen_update AFTER UPDATE ON training_dataset_items REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION learning_protect_frozen_items();
CREATE TRIGGER protect_frozen_delete AFTER DELETE ON training_dataset_items REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION learning_protect_frozen_items();

CREATE FUNCTION learning_protect_frozen_dataset() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  loose TEXT[] := ARRAY['status', 'description', 'revision', 'updated_at'];
BEGIN
  IF OLD.status <> 'draft' AND (NEW.status = 'draft' OR to_jsonb(NEW) - loose IS DISTINCT FROM to_jsonb(OLD) - loose) THEN
    RAISE EXCEPTION 'a frozen dataset cannot be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER protect_frozen BEFORE UPDATE ON training_datasets FOR EACH ROW EXECUTE FUNCTION learning_protect_frozen_dataset();

-- Learning ----------------------------------------------------------------------------------------------------------------

CREATE TABLE training_runs (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  name VARCHAR(255) NOT NULL,
  description TEXT,
  agent_id UUID NOT NULL,
  dataset_id UUID,
  training_type VARCHAR(50) NOT NULL CHECK (training_type IN ('prompt_optimization', 'rag_training', 'behavior_learning', 'supervised_fine_tuning', 'dpo', 'rlhf', 'lora')),
  config JSONB NOT NULL,
  hyperparameters JSONB,
  status VARCHAR(50) DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  progress_percentage INTEGER DEFAULT 0 CHECK (progress_percentage BETWEEN 0 AND 100),
  current_step INTEGER,
  total_steps INTEGER,
  metrics JSONB DEFAULT '{}',
  best_metrics JSONB,
  model_artifact_path TEXT,
  prompt_artifact_path TEXT,
  logs_path TEXT,
  started_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  requires_review BOOLEAN DEFAULT true,
  reviewed_by UUID,
  review_status VARCHAR(50) CHECK (review_status IN ('pending', 'approved', 'rejected')),
  review_notes TEXT,
  reviewed_at TIMESTAMPTZ,
  base_version_id UUID,
  candidate_version_id UUID,
  -- Where a killed run goes on: the optimiser's own snapshot.
  checkpoint JSONB,
  error JSONB,
  cancel_requested_at TIMESTAMPTZ,
  heartbeat_at TIMESTAMPTZ,
  revision INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, dataset_id) REFERENCES training_datasets (organization_id, id),
  FOREIGN KEY (organization_id, base_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, candidate_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, reviewed_by) REFERENCES users (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX training_runs_recent ON training_runs (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX training_runs_active ON training_runs (organization_id, status) WHERE status IN ('pending', 'running', 'paused');
CREATE INDEX training_runs_dataset ON training_runs (organization_id, dataset_id);
CREATE INDEX training_runs_base ON training_runs (organization_id, base_version_id);
CREATE INDEX training_runs_candidate ON training_runs (organization_id, candidate_version_id);
CREATE INDEX training_runs_reviewed_by ON training_runs (organization_id, reviewed_by);
CREATE INDEX training_runs_created_by ON training_runs (organization_id, created_by);
ALTER TABLE agent_versions ADD FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id);

-- Progress and log lines of a run, in order: what the event stream replays from Last-Event-ID.
CREATE TABLE training_run_events (
  organization_id UUID NOT NULL,
  run_id UUID NOT NULL,
  sequence INTEGER NOT NULL,
  type VARCHAR(50) NOT NULL,
  data JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, run_id, sequence),
  FOREIGN KEY (organization_id, run_id) REFERENCES training_runs (organization_id, id)
);

-- Evaluation --------------------------------------------------------------------------------------------------------------

CREATE TABLE regression_cases (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  learning_example_id UUID,
  source_execution_id UUID,
  input_text TEXT NOT NULL,
  input_context JSONB NOT NULL DEFAULT '{}',
  expected_output TEXT NOT NULL,
  evaluator JSONB NOT NULL DEFAULT '{"kind": "normalised"}',
  slice VARCHAR(100) NOT NULL DEFAULT 'default',
  is_pinned BOOLEAN NOT NULL DEFAULT true,
  is_active BOOLEAN NOT NULL DEFAULT true,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id),
  FOREIGN KEY (organization_id, source_execution_id) REFERENCES agent_executions (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX regression_cases_agent ON regression_cases (organization_id, agent_id, id DESC);
CREATE INDEX regression_cases_example ON regression_cases (organization_id, learning_example_id);
CREATE INDEX regression_cases_execution ON regression_cases (organization_id, source_execution_id);
CREATE INDEX regression_cases_created_by ON regression_cases (organization_id, created_by);

-- What a candidate was held to before it met traffic.
CREATE TABLE evaluation_reports (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  candidate_version_id UUID NOT NULL,
  baseline_version_id UUID,
  training_run_id UUID,
  dataset_id UUID,
  kind VARCHAR(20) NOT NULL CHECK (kind IN ('gate', 'regression', 'safety')),
  verdict VARCHAR(30) NOT NULL CHECK (verdict IN ('promote', 'send_to_experiment', 'reject', 'passed', 'failed')),
  report JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, candidate_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, baseline_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id),
  FOREIGN KEY (organization_id, dataset_id) REFERENCES training_datasets (organization_id, id)
);
CREATE INDEX evaluation_reports_candidate ON evaluation_reports (organization_id, candidate_version_id, created_at DESC);
CREATE INDEX evaluation_reports_agent ON evaluation_reports (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX evaluation_reports_baseline ON evaluation_reports (organization_id, baseline_version_id);
CREATE INDEX evaluation_reports_run ON evaluation_reports (organization_id, training_run_id);
CREATE INDEX evaluation_reports_dataset ON evaluation_reports (organization_id, dataset_id);

CREATE TABLE learning_experiments (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  name VARCHAR(255) NOT NULL,
  description TEXT,
  hypothesis TEXT,
  agent_id UUID NOT NULL,
  control_config JSONB NOT NULL,
  treatment_config JSONB NOT NULL,
  control_percentage INTEGER DEFAULT 50 CHECK (control_percentage BETWEEN 0 AND 100),
  treatment_percentage INTEGER DEFAULT 50 CHECK (treatment_percentage BETWEEN 0 AND 100),
  status VARCHAR(50) DEFAULT 'draft' CHECK (status IN ('draft', 'running', 'paused', 'stopped', 'decided')),
  started_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  min_duration_hours INTEGER DEFAULT 168 CHECK (min_duration_hours >= 0),
  min_sample_size INTEGER DEFAULT 1000 CHECK (min_sample_size >= 0),
  current_control_samples INTEGER DEFAULT 0,
  current_treatment_samples INTEGER DEFAULT 0,
  control_metrics JSONB DEFAULT '{}',
  treatment_metrics JSONB DEFAULT '{}',
  statistical_significance DECIMAL(5,4),
  winner VARCHAR(20) CHECK (winner IN ('control', 'treatment', 'none')),
  decision VARCHAR(50) CHECK (decision IN ('deploy_treatment', 'keep_control', 'inconclusive', 'stopped_for_harm')),
  decision_notes TEXT,
  decided_by UUID,
  decided_at TIMESTAMPTZ,
  control_version_id UUID NOT NULL,
  treatment_version_id UUID NOT NULL,
  training_run_id UUID,
  -- satisfaction | error_rate | task_completion | latency_ms
  primary_metric VARCHAR(64) NOT NULL DEFAULT 'satisfaction',
  significance_level DOUBLE PRECISION NOT NULL DEFAULT 0.05 CHECK (significance_level > 0 AND significance_level < 0.5),
  assignment_seed VARCHAR(200) NOT NULL,
  health JSONB NOT NULL DEFAULT '{}',
  analysis JSONB NOT NULL DEFAULT '{}',
  analysed_at TIMESTAMPTZ,
  revision INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, control_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, treatment_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id),
  FOREIGN KEY (organization_id, decided_by) REFERENCES users (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
  CHECK (control_percentage + treatment_percentage <= 100)
);
CREATE INDEX learning_experiments_recent ON learning_experiments (organization_id, agent_id, created_at DESC, id DESC);
-- One experiment at a time splits an agent's traffic.
CREATE UNIQUE INDEX learning_experiments_running ON learning_experiments (organization_id, agent_id) WHERE status IN ('running', 'paused');
CREATE INDEX learning_experiments_status ON learning_experiments (organization_id, status);
CREATE INDEX learning_experiments_control ON learning_experiments (organization_id, control_version_id);
CREATE INDEX learning_experiments_treatment ON learning_experiments (organization_id, treatment_version_id);
CREATE INDEX learning_experiments_run ON learning_experiments (organization_id, training_run_id);
CREATE INDEX learning_experiments_decided_by ON learning_experiments (organization_id, decided_by);
CREATE INDEX learning_experiments_created_by ON learning_experiments (organization_id, created_by);

-- A unit saw a version because of an experiment or a rollout (subject). The first arm is the sticky one.
CREATE TABLE exposures (
  organization_id UUID NOT NULL,
  subject_id UUID NOT NULL,
  unit_id TEXT NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  subject_type VARCHAR(20) NOT NULL CHECK (subject_type IN ('experiment', 'rollout')),
  arm VARCHAR(64) NOT NULL,
  version_id UUID NOT NULL,
  stage INTEGER NOT NULL DEFAULT 0,
  -- Share of the candidate or treatment at the moment of exposure, 0 to 1.
  share DOUBLE PRECISION NOT NULL CHECK (share BETWEEN 0 AND 1),
  crossed_over BOOLEAN NOT NULL DEFAULT false,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, subject_id, unit_id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, version_id) REFERENCES agent_versions (organization_id, id)
);
CREATE INDEX exposures_arm ON exposures (organization_id, subject_id, arm, created_at);
CREATE INDEX exposures_agent ON exposures (organization_id, agent_id, created_at DESC);
CREATE INDEX exposures_version ON exposures (organization_id, version_id);
CREATE INDEX exposures_unit ON exposures (organization_id, unit_id);

-- Sums of one metric over one unit: what the tests see. Arm sums fold a unit again whenever its sums changed (folded_at is null
-- then); sequential tests take a unit once, by its first outcome (closed_at is null until then).
CREATE TABLE unit_metrics (
  organization_id UUID NOT NULL,
  subject_id UUID NOT NULL,
  metric VARCHAR(64) NOT NULL,
  unit_id TEXT NOT NULL,
  subject_type VARCHAR(20) NOT NULL CHECK (subject_type IN ('experiment', 'rollout')),
  arm VARCHAR(64) NOT NULL,
  stage INTEGER NOT NULL DEFAULT 0,
  share DOUBLE PRECISION NOT NULL DEFAULT 0,
  n BIGINT NOT NULL DEFAULT 0,
  sum DOUBLE PRECISION NOT NULL DEFAULT 0,
  sum_squares DOUBLE PRECISION NOT NULL DEFAULT 0,
  first_value DOUBLE PRECISION NOT NULL DEFAULT 0,
  first_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  last_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  -- What of n and sum the arm's sums hold already.
  folded_at TIMESTAMPTZ,
  folded_n BIGINT NOT NULL DEFAULT 0,
  folded_sum DOUBLE PRECISION NOT NULL DEFAULT 0,
  closed_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, subject_id, metric, unit_id)
);
CREATE INDEX unit_metrics_unfolded ON unit_metrics (organization_id, subject_id, metric, unit_id) WHERE folded_at IS NULL;
CREATE INDEX unit_metrics_open ON unit_metrics (organization_id, subject_id, metric, arm, first_at, unit_id) WHERE closed_at IS NULL;
CREATE INDEX unit_metrics_arm ON unit_metrics (organization_id, subject_id, metric, arm);
CREATE INDEX unit_metrics_unit ON unit_metrics (organization_id, unit_id);

-- Outcomes that callers report by themselves, so that one posted twice counts once.
CREATE TABLE outcomes (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  subject_id UUID NOT NULL,
  outcome_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  metric VARCHAR(64) NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, subject_id, outcome_id)
);
CREATE INDEX outcomes_unit ON outcomes (organization_id, unit_id);

-- Deployment --------------------------------------------------------------------------------------------------------------

CREATE TABLE rollouts (
  organization_id UUID NOT NULL REFERENCES organizations(id),
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  environment VARCHAR(20) NOT NULL DEFAULT 'production' CHECK (environment IN ('production', 'staging')),
  baseline_version_id UUID NOT NULL,
  candidate_version_id UUID NOT NULL,
  experiment_id UUID,
  training_run_id UUID,
  status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'paused', 'completed', 'rolled_back', 'aborted')),
  -- [{ share: 0..1, hours }], as the policy said when the rollout was created.
  stages JSONB NOT NULL,
  stage INTEGER NOT NULL DEFAULT 0,
  share DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (share BETWEEN 0 AND 1),
  stage_started_at TIMESTAMPTZ,
  policy JSONB NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  significance_level DOUBLE PRECISION NOT NULL,
  assignment_seed VARCHAR(200) NOT NULL,
  -- Sequential state of each guardrail: what the tests have seen so far.
  guardrails JSONB NOT NULL DEFAULT '{}',
  verdict JSONB NOT NULL DEFAULT '{}',
  evaluated_at TIMESTAMPTZ,
  rollback_reason TEXT,
  started_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, baseline_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, candidate_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, experiment_id) REFERENCES learning_experiments (organization_id, id),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE UNIQUE INDEX rollouts_active ON rollouts (organization_id, agent_id, environment) WHERE status IN ('running', 'paused');
CREATE INDEX rollouts_recent ON rollouts (organization_id, agent_id, created_at DESC, id DESC);
CREATE INDEX rollouts_status ON rollouts (organization_id, status);
CREATE INDEX rollouts_baseline ON rollouts (organization_id, baseline_version_id);
CREATE INDEX rollouts_candidate ON rollouts (organization_id, candidate_version_id);
CREATE INDEX rollouts_experiment ON rollouts (organization_id, experiment_id);
CREATE INDEX rollouts_training_run ON rollouts (organization_id, training_run_id);
CREATE INDEX rollouts_created_by ON rollouts (organization_id, created_by);

-- One row per transition: (rollout, version) is unique, so two workers cannot both make it.
CREATE TABLE rollout_events (
  organization_id UUID NOT NULL,
  rollout_id UUID NOT NULL,
  version INTEGER NOT NULL,
  event VARCHAR(20) NOT NULL CHECK (event IN ('created', 'started', 'advanced', 'paused', 'resumed', 'rolled_back', 'aborted', 'completed')),
  stage INTEGER NOT NULL,
  share DOUBLE PRECISION NOT NULL,
  reason TEXT NOT NULL,
  evidence JSONB NOT NULL DEFAULT '{}',
  actor_kind VARCHAR(20) NOT NULL CHECK (actor_kind IN ('user', 'machine', 'system')),
  actor_id UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, rollout_id, version),
  FOREIGN KEY (organization_id, rollout_id) REFERENCES rollouts (organization_id, id)
);

ALTER TABLE agent_executions ADD FOREIGN KEY (organization_id, experiment_id) REFERENCES learning_experiments (organization_id, id);
ALTER TABLE agent_executions ADD FOREIGN KEY (organization_id, rollout_id) REFERENCES rollouts (organization_id, id);
CREATE INDEX agent_executions_experiment ON agent_executions (organization_id, experiment_id) WHERE experiment_id IS NOT NULL;
CREATE INDEX agent_executions_rollout ON agent_executions (organization_id, rollout_id) WHERE rollout_id IS NOT NULL;
CREATE INDEX agent_executions_rollout_failed ON agent_executions (organization_id, rollout_id, created_at, id) WHERE rollout_id IS NOT NULL AND status = 'failed';

-- Row-level security and grants -------------------------------------------------------------------------------------------

DO $$
DECLARE
  t TEXT;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname IN ('users', 'memberships', 'api_keys', 'issue_categories', 'idempotency_keys', 'audit_log', 'audit_heads',
        'agents', 'agent_versions', 'serving_pointers', 'serving_revisions', 'agent_executions', 'agent_feedback',
        'agent_feedback_history', 'agent_feedback_holding', 'retrievals', 'agent_daily_statistics', 'learning_examples',
        'annotation_tasks', 'expert_annotations', 'training_datasets', 'training_dataset_items', 'training_runs',
        'training_run_events', 'regression_cases', 'evaluation_reports', 'learning_experiments', 'exposures', 'unit_metrics', 'outcomes',
        'rollouts', 'rollout_events')
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations TO agent_learning_app USING (id = learning_organization_id()) WITH CHECK (id = learning_organization_id());
CREATE POLICY system ON organizations TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON organizations TO agent_learning_app;
GRANT SELECT, INSERT, UPDATE ON organizations TO agent_learning_system;

ALTER TABLE learning_clock ENABLE ROW LEVEL SECURITY;
CREATE POLICY clock_read ON learning_clock FOR SELECT USING (true);
CREATE POLICY clock_write ON learning_clock FOR UPDATE TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT ON learning_clock TO agent_learning_app, agent_learning_system;
GRANT UPDATE ON learning_clock TO agent_learning_system;

GRANT USAGE ON SCHEMA public TO agent_learning_app, agent_learning_system;
-- The tenant role never rewrites history.
REVOKE UPDATE, DELETE ON audit_log, rollout_events FROM agent_learning_app;
-- A version is what it was made as; only its review is added.
REVOKE UPDATE ON agent_versions FROM agent_learning_app;
GRANT UPDATE (review_status, reviewed_by, reviewed_at, review_notes) ON agent_versions TO agent_learning_app;
-- Annotations are append-only; verifying one is all that can be added to it.
REVOKE UPDATE, DELETE ON expert_annotations FROM agent_learning_app;
GRANT UPDATE (is_verified, verified_by, verified_at) ON expert_annotations TO agent_learning_app;
