-- What the erasure of a person leaves: datasets whose hash fits what they hold now, their successors, and marked versions.

-- The dataset that this one replaces because people of it were erased.
ALTER TABLE training_datasets ADD COLUMN supersedes_id UUID;
-- Items that are empty because their person was erased, and the content hash from before the first of them.
ALTER TABLE training_datasets ADD COLUMN erased_items INTEGER NOT NULL DEFAULT 0 CHECK (erased_items >= 0);
ALTER TABLE training_datasets ADD COLUMN original_content_hash VARCHAR(64);
ALTER TABLE training_datasets ADD CONSTRAINT training_datasets_supersedes
  FOREIGN KEY (organization_id, supersedes_id) REFERENCES training_datasets (organization_id, id);
-- One successor for each erasure that a dataset went through at most: the job that builds it may run twice.
CREATE UNIQUE INDEX training_datasets_supersedes ON training_datasets (organization_id, supersedes_id);

-- When evidence that the version was made of was erased.
ALTER TABLE agent_versions ADD COLUMN evidence_erased_at TIMESTAMPTZ;

-- As before, but the erasure of a person, which alone writes here as the system role, may say what it left.
CREATE OR REPLACE FUNCTION learning_protect_frozen_dataset() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  loose TEXT[] := ARRAY['status', 'description', 'revision', 'updated_at'];
BEGIN
  IF current_user = 'agent_learning_system' THEN
    loose := loose || ARRAY['content_hash', 'original_content_hash', 'erased_items'];
  END IF;
  IF OLD.status <> 'draft' AND (NEW.status = 'draft' OR to_jsonb(NEW) - loose IS DISTINCT FROM to_jsonb(OLD) - loose) THEN
    RAISE EXCEPTION 'a frozen dataset cannot be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
