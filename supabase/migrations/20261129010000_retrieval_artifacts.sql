-- What retrieval has learned. A version names its artifact by id and hash; an artifact never changes, except that the queries of a
-- person who is erased leave its memory.
CREATE TABLE retrieval_artifacts (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  training_run_id UUID,
  format INTEGER NOT NULL,
  -- SHA-256 of the canonical JSON of the whole artifact as it was learned, memory included.
  content_hash VARCHAR(64) NOT NULL,
  -- Everything but the memory.
  body JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id)
);
CREATE INDEX retrieval_artifacts_agent ON retrieval_artifacts (organization_id, agent_id, id DESC);
CREATE INDEX retrieval_artifacts_run ON retrieval_artifacts (organization_id, training_run_id);

-- Queries that led to chunks, in the order of time.
CREATE TABLE retrieval_memory (
  organization_id UUID NOT NULL,
  artifact_id UUID NOT NULL,
  position INTEGER NOT NULL,
  query_text TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  -- A number within the artifact: who it was stays with the evidence.
  actor INTEGER NOT NULL,
  retrieval_id UUID NOT NULL,
  PRIMARY KEY (organization_id, artifact_id, position),
  FOREIGN KEY (organization_id, artifact_id) REFERENCES retrieval_artifacts (organization_id, id),
  FOREIGN KEY (organization_id, retrieval_id) REFERENCES retrievals (organization_id, id)
);
CREATE INDEX retrieval_memory_retrieval ON retrieval_memory (organization_id, retrieval_id);

DO $$
DECLARE
  t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['retrieval_artifacts', 'retrieval_memory'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
