-- What end users contributed and a detector holds back until a reviewer has looked at it.
ALTER TABLE learning_examples ADD COLUMN quarantine VARCHAR(20) CHECK (quarantine IN ('held', 'released', 'confirmed'));
CREATE INDEX learning_examples_held ON learning_examples (organization_id, agent_id) WHERE quarantine = 'held';
-- The end users' corrections of an agent, newest first: what the detectors look at.
CREATE INDEX learning_examples_contributed ON learning_examples (organization_id, agent_id, id DESC)
  WHERE source_type = 'user_feedback' AND example_type = 'correction' AND is_active;

CREATE TABLE contribution_suspicions (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  detector VARCHAR(20) NOT NULL CHECK (detector IN ('burst', 'contradiction', 'cohort', 'campaign')),
  -- Ids of the examples that it holds back, and of who they are from.
  example_ids JSONB NOT NULL,
  contributor_ids JSONB NOT NULL,
  ln_p_value DOUBLE PRECISION NOT NULL,
  sentence TEXT NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'released', 'confirmed')),
  decided_by UUID,
  decided_at TIMESTAMPTZ,
  notes TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, decided_by) REFERENCES users (organization_id, id)
);
CREATE INDEX contribution_suspicions_recent ON contribution_suspicions (organization_id, agent_id, id DESC);
CREATE INDEX contribution_suspicions_status ON contribution_suspicions (organization_id, agent_id, status, id DESC);
CREATE INDEX contribution_suspicions_decided_by ON contribution_suspicions (organization_id, decided_by);
ALTER TABLE contribution_suspicions ENABLE ROW LEVEL SECURITY;
ALTER TABLE contribution_suspicions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contribution_suspicions TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON contribution_suspicions TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON contribution_suspicions TO agent_learning_app, agent_learning_system;
