-- A chunking that a training run builds beside the live one. When it is whole it is ready: a version names it, and documents that come
-- are cut for it too. Going back is naming another version.
ALTER TABLE chunkings DROP CONSTRAINT chunkings_status_check;
ALTER TABLE chunkings ADD CONSTRAINT chunkings_status_check CHECK (status IN ('live', 'building', 'ready', 'retired'));
ALTER TABLE chunkings ADD COLUMN training_run_id UUID;
ALTER TABLE chunkings ADD FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id);
CREATE UNIQUE INDEX chunkings_run ON chunkings (organization_id, training_run_id);
