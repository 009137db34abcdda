// What re-ranking 100 candidates costs an agent in its own process.
//
//   node --conditions=agent-learning-source benchmarks/sdk-rerank.ts [--pairs 20000] [--calls 3000]
//
// The artifact is learned from made-up queries (12 words of a vocabulary of 20,000, a few of them frequent, as words are) over 5,000
// chunks: memory of so many pairs, 60 trees. Each call is another query; the SDK has the artifact from a function in place of a server.
import { parseArgs } from "node:util";
import {
  createRandom,
  IDENTITY_RETRIEVAL,
  type QueryEvidence,
  randomInteger,
  trainRanking,
} from "@agent-learning/learning";
import type { Learning } from "@agent-learning/sdk";
import { createLocalReranker } from "@agent-learning/sdk/rerank";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "20000" }, calls: { type: "string", default: "3000" } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const random = createRandom("rerank");
const VOCABULARY = 20_000;
const CHUNKS = 5_000;
// Zipf's law, near enough: the k-th word is as frequent as 1 / k.
const word = (): string => `w${Math.floor(VOCABULARY ** random.next())}`;
const topicWord = (chunk: number): string => `t${chunk}x${randomInteger(random, 6)}`;
const queryFor = (chunk: number): string =>
  [...Array.from({ length: 8 }, word), ...Array.from({ length: 4 }, () => topicWord(chunk))].join(" ");
const candidatesFor = (chunk: number): { chunk: string; score: number; match: number }[] => {
  const chosen = new Set([chunk]);
  while (chosen.size < 100) chosen.add(randomInteger(random, CHUNKS));
  return [...chosen].map((each) => {
    const score = random.next() + (each === chunk ? 0.2 : 0);
    return { chunk: `chunk-${each}`, score, match: score / 2 };
  });
};

const pairs = Number(values.pairs);
const evidence: QueryEvidence[] = Array.from({ length: pairs }, (_, index) => {
  const chunk = randomInteger(random, CHUNKS);
  return {
    id: String(index),
    query: queryFor(chunk),
    actor: `a${index % 2_000}`,
    at: index,
    // Only the latest are ranked in learning.
    candidates: index < pairs - 600 ? [] : candidatesFor(chunk),
    grades: new Map([[`chunk-${chunk}`, 1]]),
  };
});
let started = performance.now();
const { artifact, trials } = trainRanking(evidence, { random: createRandom(1), rankerQueries: 600 });
const text = JSON.stringify({
  ...artifact,
  memory: artifact.memory.map(({ query, chunk, actor }) => ({ query, chunk, actor })),
});
say(
  `learned from ${pairs} queries in ${((performance.now() - started) / 1000).toFixed(1)} s: ${trials[0]?.ranker ?? ""}, ${artifact.memory.length} pairs, ${(text.length / 1024 / 1024).toFixed(1)} MiB of artifact`,
);
if (artifact.ranker === null) throw new Error("nothing was learned");

const ranking = { artifact_id: "a", format: IDENTITY_RETRIEVAL.format };
const version = { id: "v", number: 1, contentHash: "h", config: { retrieval: { ranking } } };
const learning = {
  configuration: () => ({ defaultVersionId: "v", versions: new Map([["v", version]]) }),
  onConfiguration: () => () => undefined,
  ready: async () => true,
} as unknown as Learning;
started = performance.now();
const reranker = createLocalReranker({
  learning,
  baseUrl: "http://server",
  key: "k",
  fetch: async () => ({ status: 200, headers: { get: () => null }, text: async () => text }),
});
if (!(await reranker.ready())) throw new Error("the artifact is not there");
say(`artifact read and indexed in ${(performance.now() - started).toFixed(0)} ms`);
const times: number[] = [];
let right = 0;
for (let call = 0; call < Number(values.calls) + 300; call += 1) {
  const chunk = randomInteger(random, CHUNKS);
  const query = queryFor(chunk);
  const candidates = candidatesFor(chunk).map(({ chunk: chunkId, score, match }) => ({
    chunkId,
    score,
    match,
  }));
  const before = performance.now();
  const { chunks } = reranker.rerank(query, candidates);
  // The first calls warm up.
  if (call >= 300) times.push(performance.now() - before);
  if (chunks[0]?.chunkId === `chunk-${chunk}`) right += 1;
}
times.sort((one, other) => one - other);
const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
say(
  `100 candidates: median ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${(times.at(-1) ?? 0).toFixed(2)} ms; right chunk first in ${((100 * right) / (times.length + 300)).toFixed(0)} %`,
);
