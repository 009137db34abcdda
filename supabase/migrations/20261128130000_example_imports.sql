-- The content of an imported example, SHA-256: what was imported before is not imported again.
ALTER TABLE learning_examples ADD COLUMN import_hash VARCHAR(64);
CREATE UNIQUE INDEX learning_examples_import ON learning_examples (organization_id, agent_id, import_hash) WHERE import_hash IS NOT NULL;
