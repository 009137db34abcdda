-- What experts showed, newest first: behaviour learning reads it whole, and asks every quarter of an hour whether there is any.
CREATE INDEX learning_examples_demonstrations ON learning_examples (organization_id, agent_id, id DESC)
  WHERE example_type = 'demonstration' AND review_status = 'approved';

-- Runs that tell of their tool calls; agents without tools have none.
CREATE INDEX agent_executions_tool_calls ON agent_executions (organization_id, agent_id, created_at DESC, id DESC)
  WHERE (metadata -> 'tool_calls') IS NOT NULL;
