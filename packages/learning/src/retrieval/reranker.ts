// What an agent needs to rank in its own process: an entry of its own, so that nothing else comes along.
export { createReranker, type RerankedChunk, type Reranker } from "./create-reranker.ts";
export type { RankedCandidate } from "./ranking-features.ts";
export {
  IDENTITY_RETRIEVAL,
  RETRIEVAL_ARTIFACT_FORMAT,
  type RetrievalArtifact,
} from "./retrieval-artifact.ts";
