-- Where a fine-tuning run stands; the other ways of learning have none. The guide's status follows from it.
ALTER TABLE training_runs ADD COLUMN phase VARCHAR(20) CHECK (phase IN ('draft', 'validating', 'queued', 'running', 'paused', 'evaluating',
  'awaiting_review', 'approved', 'staging', 'promoted', 'rolled_back', 'failed', 'lost', 'cancelled'));
ALTER TABLE training_runs ADD CONSTRAINT training_runs_phase_status CHECK (phase IS NULL OR status = CASE
  WHEN phase IN ('draft', 'validating', 'queued') THEN 'pending'
  WHEN phase IN ('running', 'evaluating') THEN 'running'
  WHEN phase IN ('awaiting_review', 'approved', 'staging', 'promoted', 'rolled_back') THEN 'completed'
  WHEN phase = 'lost' THEN 'failed'
  ELSE phase END);
-- Who started it: nobody approves what they, or a draft of theirs, made.
ALTER TABLE training_runs ADD COLUMN launched_by UUID;
ALTER TABLE training_runs ADD FOREIGN KEY (organization_id, launched_by) REFERENCES users (organization_id, id);
CREATE INDEX training_runs_launched_by ON training_runs (organization_id, launched_by);
-- Workers look every few seconds for runs that they have to move on.
CREATE INDEX training_runs_moving ON training_runs (organization_id, phase)
  WHERE phase IN ('validating', 'queued', 'running', 'paused', 'evaluating', 'approved');

-- What a run made, stored by its hash outside the database. A row never changes.
CREATE TABLE training_artifacts (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  run_id UUID NOT NULL,
  name VARCHAR(255) NOT NULL,
  kind VARCHAR(50) NOT NULL CHECK (kind IN ('adapter_safetensors', 'adapter_gguf', 'reward_model', 'tokenizer')),
  sha256 VARCHAR(64) NOT NULL,
  bytes BIGINT NOT NULL CHECK (bytes >= 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, run_id, name),
  FOREIGN KEY (organization_id, run_id) REFERENCES training_runs (organization_id, id)
);

DO $$
DECLARE
  t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['training_artifacts'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
