import { type ShownChunk, spreadVerdict, VERDICT_WEIGHT } from "./chunk-relevance.ts";
import type { QueryEvidence, RelevanceSign } from "./query-evidence.ts";

/** A chunk as it was shown for a query. */
export interface ImpressionChunk {
  chunk: string;
  /** 1 is the first. */
  rank: number;
  /** The store's own, higher is better; null where it has none. */
  score: number | null;
  /** The store's absolute measure of the match (`RankedCandidate.match`). */
  match: number | null;
  /** Probability that it was looked at; null: by its rank. */
  examination: number | null;
  /** How often the answer cites it. */
  citations: number;
}

/** What one person said, or did, about an answer. */
export interface Opinion {
  actor: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The vote on the whole answer, 0 to 1; null where there is none. */
  satisfaction: number | null;
  /** What was said of single chunks. */
  marks: readonly { chunk: string; relevant: boolean }[];
  /** The marks come from following a citation: a sign of interest, not a judgement. */
  followed: boolean;
}

/** What a retriever returned for one query, with what people said afterwards. */
export interface Impression {
  id: string;
  query: string;
  /** When it was asked, milliseconds since 1970. */
  at: number;
  chunks: readonly ImpressionChunk[];
  opinions: readonly Opinion[];
  slices?: readonly string[];
}

/** A vote from here on is a good one; one at most 1 less it a bad one. */
const GOOD = 0.75;
/** What following a citation weighs beside 1 for a mark: people also follow what disappoints them. */
const FOLLOWED_WEIGHT = 0.5;

/** Attention falls with the rank as nDCG discounts it. */
const examinationAt = (rank: number): number => 1 / Math.log2(rank + 1);

/**
 * An impression as evidence. A mark on a chunk, whether it was shown or not, and a citation that was followed speak for or against the
 * chunk itself; a vote on the whole answer is spread over what was cited, or looked at, and weighs a fifth. A chunk is graded relevant
 * where more was said for it than against it: by marks, or, where nobody marked anything, by a good vote on an answer that cites it.
 * Without citations a good vote grades nothing: it does not say which chunk was the good one.
 */
export function judgeImpression({ id, query, at, chunks, opinions, slices }: Impression): QueryEvidence {
  const signs: RelevanceSign[] = [];
  const balance = new Map<string, number>();
  const votes = new Map<string, number>();
  const shown = chunks.map(({ chunk, rank, examination, citations }): ShownChunk => ({
    chunk,
    citations,
    examination: examination ?? examinationAt(rank),
  }));
  const isCited = shown.some(({ citations }) => citations > 0);
  let weight = 0;
  let [actor, surest] = ["", 0];
  for (const opinion of opinions) {
    const weightOfMark = opinion.followed ? FOLLOWED_WEIGHT : 1;
    for (const { chunk, relevant } of opinion.marks) {
      const sign = { relevant: relevant ? 1 : 0, weight: weightOfMark, examination: 1, at: opinion.at };
      signs.push({ ...sign, chunk, actor: opinion.actor });
      balance.set(chunk, (balance.get(chunk) ?? 0) + (relevant ? weightOfMark : -weightOfMark));
      if (relevant) weight = Math.max(weight, weightOfMark);
    }
    const { satisfaction } = opinion;
    const verdict =
      satisfaction === null
        ? undefined
        : satisfaction >= GOOD
          ? true
          : satisfaction <= 1 - GOOD
            ? false
            : undefined;
    if (verdict !== undefined) {
      for (const { chunk, evidence } of spreadVerdict(shown, verdict, opinion.at)) {
        signs.push({ ...evidence, chunk, actor: opinion.actor });
        if (isCited) votes.set(chunk, (votes.get(chunk) ?? 0) + (verdict ? 1 : -1));
      }
    }
    const sure = opinion.marks.length > 0 ? weightOfMark : verdict === undefined ? 0 : VERDICT_WEIGHT;
    if (sure > surest || actor === "") [actor, surest] = [opinion.actor, sure];
  }
  const decided = balance.size > 0 ? balance : votes;
  const relevant = [...decided].filter(([, said]) => said > 0).map(([chunk]) => chunk);
  return {
    id,
    query,
    actor,
    at,
    candidates: chunks.map(({ chunk, rank, score, match }) => ({
      chunk,
      score: score ?? 1 / rank,
      ...(match === null ? {} : { match }),
    })),
    grades: new Map(relevant.toSorted().map((chunk) => [chunk, 1])),
    signs,
    weight: balance.size > 0 ? weight : VERDICT_WEIGHT,
    ...(slices === undefined ? {} : { slices }),
  };
}
