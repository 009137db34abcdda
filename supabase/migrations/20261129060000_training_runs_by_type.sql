-- Learning that starts by itself asks for an agent's last run of its type, and its last that ended well.
CREATE INDEX training_runs_by_type ON training_runs (organization_id, agent_id, training_type, created_at DESC);
CREATE INDEX training_runs_completed ON training_runs (organization_id, agent_id, training_type, created_at DESC)
  WHERE status = 'completed';
CREATE INDEX training_runs_open ON training_runs (organization_id, agent_id, training_type)
  WHERE status IN ('pending', 'running', 'paused');
