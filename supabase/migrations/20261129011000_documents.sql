-- Documents that an agent answers from, for those who keep no store of their own: cut into chunks, found by their words.
CREATE TABLE documents (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  -- The caller's own id.
  external_id VARCHAR(150) NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  -- SHA-256 of title and body: what has not changed is not indexed again.
  content_hash VARCHAR(64) NOT NULL,
  metadata JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
CREATE UNIQUE INDEX documents_external ON documents (organization_id, agent_id, external_id);
CREATE INDEX documents_recent ON documents (organization_id, agent_id, id DESC);

-- A way of cutting the documents. One is live; another may be built in its shadow.
CREATE TABLE chunkings (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'building', 'retired')),
  -- { size, overlap }, in words.
  settings JSONB NOT NULL,
  -- What BM25 needs of the whole, kept with every change.
  chunk_count BIGINT NOT NULL DEFAULT 0,
  term_count BIGINT NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id)
);
CREATE UNIQUE INDEX chunkings_live ON chunkings (organization_id, agent_id) WHERE status = 'live';
CREATE INDEX chunkings_agent ON chunkings (organization_id, agent_id);

CREATE TABLE chunks (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  chunking_id UUID NOT NULL,
  document_id UUID NOT NULL,
  -- By document and text: the same words keep their name when the document changes elsewhere.
  chunk_key VARCHAR(200) NOT NULL,
  position INTEGER NOT NULL,
  -- UTF-16 code units of the document's body.
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  body TEXT NOT NULL,
  term_count INTEGER NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, chunking_id) REFERENCES chunkings (organization_id, id),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id)
);
CREATE UNIQUE INDEX chunks_key ON chunks (organization_id, chunking_id, chunk_key);
CREATE INDEX chunks_document ON chunks (organization_id, document_id);

-- The inverted index. The chunk's length stands with each posting, so that a search reads postings alone.
CREATE TABLE chunk_terms (
  organization_id UUID NOT NULL,
  chunking_id UUID NOT NULL,
  term TEXT NOT NULL,
  chunk_id UUID NOT NULL,
  frequency INTEGER NOT NULL,
  chunk_terms INTEGER NOT NULL,
  PRIMARY KEY (organization_id, chunking_id, term, chunk_id),
  FOREIGN KEY (organization_id, chunk_id) REFERENCES chunks (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX chunk_terms_chunk ON chunk_terms (organization_id, chunk_id);

DO $$
DECLARE
  t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['documents', 'chunkings', 'chunks', 'chunk_terms'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
