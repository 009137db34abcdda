-- Erasing a person walks through their feedback page by page, in the order of ids.
DROP INDEX agent_feedback_user;
CREATE INDEX agent_feedback_user ON agent_feedback (organization_id, user_id, id);
