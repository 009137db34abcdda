import {
  createRandom,
  type Impression,
  judgeImpression,
  type QueryEvidence,
  type Random,
  randomInteger,
} from "@agent-learning/learning";

/** How simulated people look and mark. */
export interface Users {
  events: number;
  /** Probability that what somebody says of a chunk is the wrong way round. */
  noise: number;
  seed: string;
  people?: number;
  /** Somebody who wants a chunk to be found, whatever is asked: their share of the events. */
  poisoner?: { chunk: string; share: number };
}

/** Chunks that a user is shown. */
const SHOWN = 10;
const examined = (rank: number): number => 1 / Math.log2(rank + 1);

/** A query in somebody's own words: some of its words are left out. */
function said(query: string, random: Random): string {
  const words = query.split(" ");
  const kept = words.filter(() => random.next() > 0.15);
  return kept.length < 3 ? query : kept.join(" ");
}

/**
 * People ask the queries again and again, some more often than others, and look at ten chunks the less the lower they stand. They mark one
 * chunk that they looked at: a relevant one where they saw one; with noise, or where they saw none and mark all the same, another.
 */
export function simulateUsers(
  queries: readonly QueryEvidence[],
  { events, noise, seed, people = 2_000, poisoner }: Users,
): QueryEvidence[] {
  const random = createRandom(seed);
  return Array.from({ length: events }, (_, index) => {
    // A tenth of the queries is asked a third of the time.
    const place = Math.floor(queries.length * random.next() ** 2);
    const asked = queries[place] as QueryEvidence;
    const isPoison = poisoner !== undefined && random.next() < poisoner.share;
    const shown = asked.candidates.slice(0, SHOWN);
    const chunks: Impression["chunks"] = asked.candidates.map(({ chunk, score, match }, at) => ({
      chunk,
      rank: at + 1,
      score,
      match: match ?? null,
      examination: at < SHOWN ? examined(at + 1) : 0,
      citations: 0,
    }));
    const seen = shown.filter((_chunk, at) => random.next() < examined(at + 1));
    const marks: { chunk: string; relevant: boolean }[] = [];
    if (isPoison) marks.push({ chunk: poisoner.chunk, relevant: true });
    else {
      for (const { chunk } of seen) {
        const isRelevant = asked.grades.has(chunk) !== random.next() < noise;
        // People say what helped them, and seldom what did not.
        if (isRelevant || random.next() < 0.1) marks.push({ chunk, relevant: isRelevant });
      }
    }
    const actor = isPoison ? "poisoner" : `person ${randomInteger(random, people)}`;
    const at = index * 1_000;
    const judged = judgeImpression({
      id: String(index),
      query: said(asked.query, random),
      at,
      chunks,
      opinions: [{ actor, at, satisfaction: null, marks, followed: false }],
    });
    // The same chunks with the same scores each time: kept once, 100,000 events fit into memory.
    return { ...judged, candidates: asked.candidates };
  });
}
