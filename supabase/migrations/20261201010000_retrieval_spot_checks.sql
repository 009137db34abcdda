-- People look at some of the queries whose order a run of retrieval learning would change.
ALTER TABLE learning_examples DROP CONSTRAINT learning_examples_source_type_check;
ALTER TABLE learning_examples ADD CONSTRAINT learning_examples_source_type_check CHECK (source_type IN (
  'user_feedback', 'expert_correction', 'expert_demonstration', 'execution', 'regression_case', 'import', 'synthetic', 'spot_check'));

-- One query that was chosen for one reason. The same query may be chosen at random and for a suspicion: then both name the same example.
CREATE TABLE retrieval_spot_checks (
  organization_id UUID NOT NULL,
  training_run_id UUID NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(30) NOT NULL CHECK (kind IN ('uniform', 'rank_move', 'conflict', 'cold_loser', 'influential_actor')),
  retrieval_id UUID NOT NULL,
  -- Null: what would be shown first is what is shown now, so nobody was asked.
  learning_example_id UUID,
  -- Which output of the example is the candidate's.
  candidate_output VARCHAR(1) CHECK (candidate_output IN ('A', 'B')),
  PRIMARY KEY (organization_id, training_run_id, position),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id),
  CHECK ((learning_example_id IS NULL) = (candidate_output IS NULL))
);
CREATE INDEX retrieval_spot_checks_example ON retrieval_spot_checks (organization_id, learning_example_id);
ALTER TABLE retrieval_spot_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrieval_spot_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON retrieval_spot_checks TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON retrieval_spot_checks TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON retrieval_spot_checks TO agent_learning_app, agent_learning_system;

-- An agent's runs of one way of learning, newest first.
CREATE INDEX training_runs_of_type ON training_runs (organization_id, agent_id, training_type, id DESC);
