-- How much was approved since the last run is asked every minute.
CREATE INDEX learning_examples_approved ON learning_examples (organization_id, agent_id, reviewed_at) WHERE review_status = 'approved';
CREATE INDEX agents_continuous ON agents (organization_id, id) WHERE policy -> 'prompt_learning' ->> 'mode' = 'continuous';
