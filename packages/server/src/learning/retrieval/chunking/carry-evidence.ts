import type { QueryEvidence, RelevanceSign } from "@agent-learning/learning";

/** A chunk of the cut in service that holds some of the text of an older one. */
export interface Successor {
  chunk: string;
  /** Its share of the older one's text, 0 to 1. */
  share: number;
  /** The share of its own text that it has from there, 0 to 1. */
  inside: number;
}

/** A chunk stands for an older one where it holds so much of its text, or has so much of its own from there. */
const MOST_OF_IT = 0.5;

/**
 * What was said of chunks of an earlier cut, for the chunks that hold their text now. A sign counts for each by the share of the text that
 * it holds. Relevant is what stands for a relevant chunk; where that is in pieces now, nobody knows in which of them the answer stood: each
 * is as relevant, and the query counts the less. Chunks without successors stay as they are.
 */
export function carryEvidence(
  evidence: QueryEvidence,
  successors: ReadonlyMap<string, readonly Successor[]>,
): QueryEvidence {
  const { candidates, grades, signs } = evidence;
  const isOld = (chunk: string): boolean => successors.has(chunk);
  const touched =
    candidates.some(({ chunk }) => isOld(chunk)) ||
    [...grades.keys()].some(isOld) ||
    (signs ?? []).some(({ chunk }) => isOld(chunk));
  if (!touched) return evidence;
  const of = (chunk: string): readonly Successor[] =>
    successors.get(chunk) ?? [{ chunk, share: 1, inside: 1 }];
  const mainOf = (chunk: string): string => of(chunk)[0]?.chunk ?? chunk;
  const found = new Map<string, QueryEvidence["candidates"][number]>();
  for (const candidate of candidates) {
    const chunk = mainOf(candidate.chunk);
    // Several that became one stand where the best of them stood.
    const known = found.get(chunk);
    if (known === undefined || !(known.score >= candidate.score)) found.set(chunk, { ...candidate, chunk });
  }
  const graded = new Map<string, number>();
  let sure = 0;
  for (const [old, grade] of grades) {
    for (const { chunk, share, inside } of of(old)) {
      if (Math.max(share, inside) < MOST_OF_IT) continue;
      graded.set(chunk, Math.max(grade, graded.get(chunk) ?? 0));
      sure = Math.max(sure, share);
    }
  }
  const carried = (sign: RelevanceSign): RelevanceSign[] =>
    of(sign.chunk).map(({ chunk, share }) => ({ ...sign, chunk, weight: sign.weight * share }));
  return {
    ...evidence,
    candidates: [...found.values()],
    grades: graded,
    weight: (evidence.weight ?? 1) * (graded.size > 0 ? sure : 1),
    ...(signs === undefined ? {} : { signs: signs.flatMap(carried) }),
  };
}
