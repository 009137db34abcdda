-- Which versions gave the two outputs of a preference, and the execution of the second; the first one's is the example's source.
ALTER TABLE learning_examples
  ADD COLUMN version_a_id UUID,
  ADD COLUMN version_b_id UUID,
  ADD COLUMN execution_b_id UUID,
  ADD FOREIGN KEY (organization_id, version_a_id) REFERENCES agent_versions (organization_id, id),
  ADD FOREIGN KEY (organization_id, version_b_id) REFERENCES agent_versions (organization_id, id),
  ADD FOREIGN KEY (organization_id, execution_b_id) REFERENCES agent_executions (organization_id, id);
CREATE INDEX learning_examples_version_a ON learning_examples (organization_id, version_a_id) WHERE version_a_id IS NOT NULL;
CREATE INDEX learning_examples_version_b ON learning_examples (organization_id, version_b_id) WHERE version_b_id IS NOT NULL;
CREATE INDEX learning_examples_execution_b ON learning_examples (organization_id, execution_b_id) WHERE execution_b_id IS NOT NULL;

-- What people prefer, newest first: read whole.
CREATE INDEX learning_examples_preferences ON learning_examples (organization_id, agent_id, id DESC)
  WHERE example_type = 'preference' AND review_status = 'approved';
