-- Vectors of chunks, by whatever embedder is configured; searched by going through all of an agent's.
CREATE TABLE chunk_embeddings (
  organization_id UUID NOT NULL,
  chunking_id UUID NOT NULL,
  chunk_id UUID NOT NULL,
  -- Only vectors of one embedder are compared with each other.
  embedder VARCHAR(500) NOT NULL,
  -- Of length 1; 32-bit floats, little-endian.
  vector BYTEA NOT NULL,
  PRIMARY KEY (organization_id, chunking_id, chunk_id),
  FOREIGN KEY (organization_id, chunk_id) REFERENCES chunks (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX chunk_embeddings_chunk ON chunk_embeddings (organization_id, chunk_id);
ALTER TABLE chunk_embeddings ENABLE ROW LEVEL SECURITY;
ALTER TABLE chunk_embeddings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON chunk_embeddings TO agent_learning_app
  USING (organization_id = learning_organization_id()) WITH CHECK (organization_id = learning_organization_id());
CREATE POLICY system ON chunk_embeddings TO agent_learning_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON chunk_embeddings TO agent_learning_app, agent_learning_system;

-- Rises with every change of the vectors, so that what is kept in memory is read again.
ALTER TABLE chunkings ADD COLUMN embedding_revision BIGINT NOT NULL DEFAULT 0;
-- Chunks came that have no vector; by whom the others were embedded.
ALTER TABLE chunkings ADD COLUMN embedding_due BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE chunkings ADD COLUMN embedder VARCHAR(500);
