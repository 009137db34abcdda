-- Up to when an agent's evidence has been emptied, as its policy's retention says.
CREATE TABLE retention_marks (
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  emptied_until TIMESTAMPTZ NOT NULL,
  -- Rows that were emptied so far, all tables together.
  emptied_rows BIGINT NOT NULL DEFAULT 0,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, agent_id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
ALTER TABLE retention_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON retention_marks TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON retention_marks TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_marks TO agent_learning_app, agent_learning_system;
