import {
  addRelevance,
  type ChunkRelevance,
  fadeRelevance,
  type RelevanceEvidence,
  relevanceFeature,
  relevancePrior,
} from "./chunk-relevance.ts";
import type { QueryEvidence, RelevanceSign } from "./query-evidence.ts";

/** Without evidence a chunk is as likely right as not, and this many observations weigh as much. */
const PRIOR = { mean: 0.5, strength: 4 };
/** Log-odds beyond which further evidence moves nothing: a chunk is not right because it often was. */
const MOST = Math.log1p(4);

/** What a query's evidence says of chunks one by one: its signs, or, where it has none, that the graded chunks are relevant. */
function signsOf({ grades, signs, weight = 1, at }: QueryEvidence): readonly RelevanceSign[] {
  if (signs !== undefined) return signs;
  return [...grades.keys()].map((chunk) => ({ chunk, relevant: 1, weight, examination: 1, at }));
}

/**
 * Per chunk what evidence has done to the belief in it (`addRelevance`), in log-odds, as of the latest evidence. Each actor counts once
 * for a chunk, by what they knew most surely, the latest of equals.
 */
export function evidenceOfRelevance(list: readonly QueryEvidence[]): Map<string, number> {
  const chunks = new Map<string, Map<string, RelevanceEvidence>>();
  let now = -Infinity;
  for (const query of list) {
    for (const evidence of signsOf(query)) {
      const { chunk, actor = query.actor } = evidence;
      now = Math.max(now, evidence.at);
      let own = chunks.get(chunk);
      if (own === undefined) chunks.set(chunk, (own = new Map()));
      const known = own.get(actor);
      const surer =
        known === undefined ||
        evidence.weight > known.weight ||
        (evidence.weight === known.weight && evidence.at >= known.at);
      if (surer) own.set(actor, evidence);
    }
  }
  return new Map(
    [...chunks].map(([chunk, own]) => {
      const inTime = [...own.values()].toSorted((one, other) => one.at - other.at);
      let state: ChunkRelevance = relevancePrior(PRIOR.mean, PRIOR.strength, inTime[0]?.at ?? now);
      for (const evidence of inTime) state = addRelevance(state, evidence);
      const moved = relevanceFeature(fadeRelevance(state, now));
      return [chunk, Math.max(-MOST, Math.min(MOST, moved))];
    }),
  );
}
