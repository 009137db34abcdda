-- A dataset is also replaced when contributions in it turn out to be poisoned.

ALTER TABLE training_datasets ADD COLUMN supersedes_reason VARCHAR(20) CHECK (supersedes_reason IN ('erasure', 'distrust'));
ALTER TABLE training_datasets DISABLE TRIGGER protect_frozen;
UPDATE training_datasets SET supersedes_reason = 'erasure' WHERE supersedes_id IS NOT NULL;
ALTER TABLE training_datasets ENABLE TRIGGER protect_frozen;
ALTER TABLE training_datasets ADD CONSTRAINT training_datasets_why CHECK ((supersedes_id IS NULL) = (supersedes_reason IS NULL));
