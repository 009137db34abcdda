-- Rollouts: a person may promote; what is known of the sources of metrics; the rows behind a guardrail, page by page.

ALTER TABLE rollout_events DROP CONSTRAINT rollout_events_event_check;
ALTER TABLE rollout_events ADD CONSTRAINT rollout_events_event_check
  CHECK (event IN ('created', 'started', 'advanced', 'promoted', 'paused', 'resumed', 'rolled_back', 'aborted', 'completed'));

-- Silence of a source that is failing is nobody's fault: it holds a rollout and never rolls it back.
CREATE TABLE metric_sources (
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  metric VARCHAR(64) NOT NULL,
  status VARCHAR(20) NOT NULL CHECK (status IN ('healthy', 'failing')),
  reason TEXT,
  -- It reports at least this often; without it, what it said last stays true.
  heartbeat_seconds INTEGER CHECK (heartbeat_seconds > 0),
  reported_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, agent_id, metric),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
ALTER TABLE metric_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE metric_sources FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON metric_sources TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON metric_sources TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON metric_sources TO agent_learning_app, agent_learning_system;

-- Ids are in the order of time: a page goes on after the last id of the one before.
DROP INDEX agent_executions_rollout;
CREATE INDEX agent_executions_rollout ON agent_executions (organization_id, rollout_id, arm, id) WHERE rollout_id IS NOT NULL;
DROP INDEX agent_executions_rollout_failed;
CREATE INDEX agent_executions_rollout_failed ON agent_executions (organization_id, rollout_id, arm, id)
  WHERE rollout_id IS NOT NULL AND status = 'failed';
