export * from "./build-chunking.ts";
export { type ChunkingSettings, groupOf, settingsOf } from "./cut-document.ts";
export { embeddingJob, embeddingSchedule } from "./embed-chunks.ts";
export { readVectors, searchEmbeddings } from "./search-embeddings.ts";
export type { NearChunk } from "./vectors.ts";
export { documentRoutes } from "./routes.ts";
export { type ChunkMatch, searchChunks } from "./search-chunks.ts";
export { type ChunkText, type LiveIndex, readChunkTexts, readIndex, readTextsByKey } from "./search-store.ts";
