-- Which feedback names which issue: "all that say this" is read from an index, however many rows there are that do not. Row-level
-- security keeps an index over the JSON itself from being used, since its operators are not leakproof.
CREATE TABLE agent_feedback_issues (
  organization_id UUID NOT NULL,
  feedback_id UUID NOT NULL,
  issue_category VARCHAR(64) NOT NULL,
  agent_id UUID NOT NULL,
  status VARCHAR(20) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, feedback_id, issue_category),
  FOREIGN KEY (organization_id, feedback_id) REFERENCES agent_feedback (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
CREATE INDEX agent_feedback_issues_recent ON agent_feedback_issues (organization_id, agent_id, issue_category, created_at DESC, feedback_id DESC);
CREATE INDEX agent_feedback_issues_withdrawn ON agent_feedback_issues (organization_id, agent_id, issue_category, created_at DESC, feedback_id DESC)
  WHERE status = 'withdrawn';
ALTER TABLE agent_feedback_issues ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_feedback_issues FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agent_feedback_issues TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON agent_feedback_issues TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON agent_feedback_issues TO agent_learning_app, agent_learning_system;

-- Written with the feedback itself, whichever way it comes in.
CREATE FUNCTION learning_index_feedback_issues() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM public.agent_feedback_issues i WHERE i.organization_id = NEW.organization_id AND i.feedback_id = NEW.id;
  END IF;
  INSERT INTO public.agent_feedback_issues (organization_id, feedback_id, issue_category, agent_id, status, created_at)
  SELECT DISTINCT NEW.organization_id, NEW.id, issue, NEW.agent_id, NEW.status, NEW.created_at
  FROM jsonb_array_elements_text(NEW.issue_categories) AS issue;
  RETURN NULL;
END $$;
CREATE TRIGGER index_issues_insert AFTER INSERT ON agent_feedback
  FOR EACH ROW WHEN (NEW.issue_categories <> '[]') EXECUTE FUNCTION learning_index_feedback_issues();
CREATE TRIGGER index_issues_update AFTER UPDATE OF issue_categories, status ON agent_feedback
  FOR EACH ROW WHEN (NEW.issue_categories <> OLD.issue_categories OR (NEW.status <> OLD.status AND NEW.issue_categories <> '[]'))
  EXECUTE FUNCTION learning_index_feedback_issues();

INSERT INTO agent_feedback_issues (organization_id, feedback_id, issue_category, agent_id, status, created_at)
SELECT DISTINCT f.organization_id, f.id, issue, f.agent_id, f.status, f.created_at
FROM agent_feedback f, jsonb_array_elements_text(f.issue_categories) AS issue WHERE f.issue_categories <> '[]';
