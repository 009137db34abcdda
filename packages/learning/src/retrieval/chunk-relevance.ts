/** What is believed of one chunk, or of one chunk for one kind of query: a Beta distribution that forgets. */
export interface ChunkRelevance {
  /** The prior's two counts; evidence fades towards them. */
  readonly prior: { readonly alpha: number; readonly beta: number };
  readonly alpha: number;
  readonly beta: number;
  /** To when the counts have faded, milliseconds since 1970. */
  readonly at: number;
}

/** One sign that a chunk was, or was not, what was asked for. */
export interface RelevanceEvidence {
  /** 1 relevant, 0 not; a share in between is both. */
  relevant: number;
  /** 1 for a mark or a correction of the chunk itself; less for a verdict on the whole answer (`spreadVerdict`). */
  weight: number;
  /** Probability that the chunk was looked at, 0 to 1: silence about what nobody saw says nothing. */
  examination: number;
  /** When it was said, milliseconds since 1970. */
  at: number;
}

export const RELEVANCE_HALF_LIFE_MILLISECONDS: number = 30 * 86_400_000;

/**
 * The state before any evidence.
 * @param mean the ranker's own opinion, strictly between 0 and 1
 * @param strength how many full observations it weighs; below some 10,000 impressions shrinkage decides, so at least 1
 */
export function relevancePrior(mean: number, strength: number, at: number): ChunkRelevance {
  if (!(mean > 0 && mean < 1)) throw new RangeError(`The prior's mean is between 0 and 1, not ${mean}.`);
  if (!(strength > 0)) throw new RangeError(`The prior's strength is above 0, not ${strength}.`);
  const prior = { alpha: mean * strength, beta: (1 - mean) * strength };
  return { prior, ...prior, at };
}

/** The mean of the distribution: the probability that the chunk is relevant. */
export const meanRelevance = ({ alpha, beta }: Pick<ChunkRelevance, "alpha" | "beta">): number =>
  alpha / (alpha + beta);

/** The state as of `at`, evidence faded by half in each half-life; a time before the state's own changes nothing. */
export function fadeRelevance(
  state: ChunkRelevance,
  at: number,
  halfLife: number = RELEVANCE_HALF_LIFE_MILLISECONDS,
): ChunkRelevance {
  if (at <= state.at) return state;
  const kept = 2 ** (-(at - state.at) / halfLife);
  const { prior } = state;
  return {
    prior,
    alpha: prior.alpha + (state.alpha - prior.alpha) * kept,
    beta: prior.beta + (state.beta - prior.beta) * kept,
    at,
  };
}

/**
 * The state with one more sign. With θ the examination probability, r̂ the mean so far and y whether the chunk was called relevant:
 * α += w·y, β += w·(1 − y)·θ(1 − r̂)/(1 − θ·r̂). The second factor is the probability that the chunk was seen and is not relevant, given
 * that nobody called it relevant, so the fixed point is the true relevance; weighting both sides by 1/θ has another one. Evidence that
 * comes late counts as much as it would have faded to.
 */
export function addRelevance(
  state: ChunkRelevance,
  evidence: RelevanceEvidence,
  halfLife: number = RELEVANCE_HALF_LIFE_MILLISECONDS,
): ChunkRelevance {
  const { relevant, weight, examination, at } = evidence;
  if (
    !(
      relevant >= 0 &&
      relevant <= 1 &&
      weight >= 0 &&
      weight < Infinity &&
      examination >= 0 &&
      examination <= 1
    )
  )
    throw new RangeError(
      "Evidence has a verdict and an examination probability from 0 to 1, and a weight from 0.",
    );
  const faded = fadeRelevance(state, at, halfLife);
  const counted = weight * 2 ** (-(faded.at - Math.min(at, faded.at)) / halfLife);
  const mean = meanRelevance(faded);
  const unseen = 1 - examination * mean;
  const seenAndNot = unseen <= 0 ? 1 : (examination * (1 - mean)) / unseen;
  return {
    ...faded,
    alpha: faded.alpha + counted * relevant,
    beta: faded.beta + counted * (1 - relevant) * seenAndNot,
  };
}

const logit = (mean: number): number => Math.log(mean / (1 - mean));

/** What evidence has changed: log-odds of the posterior less those of the prior. 0 without evidence; the ranker's feature. */
export function relevanceFeature(state: ChunkRelevance): number {
  return logit(meanRelevance(state)) - logit(meanRelevance(state.prior));
}

/** One chunk that an answer was made from. */
export interface ShownChunk {
  chunk: string;
  /** Probability that the reader, or the model, looked at it. */
  examination: number;
  /** How often the answer cites it. */
  citations: number;
}

/** Weight of a verdict on a whole answer for all of its chunks together. A chunk-level mark weighs 1. */
export const VERDICT_WEIGHT = 0.2;

/**
 * A verdict on a whole answer as evidence for its chunks: `VERDICT_WEIGHT` shared out by citations, or by examination where nothing is
 * cited. A good answer speaks for what it cites; a bad one against it, weakly: the model may be to blame.
 */
export function spreadVerdict(
  shown: readonly ShownChunk[],
  good: boolean,
  at: number,
): { chunk: string; evidence: RelevanceEvidence }[] {
  const cited = shown.reduce((sum, { citations }) => sum + citations, 0);
  const examined = shown.reduce((sum, { examination }) => sum + examination, 0);
  return shown.flatMap(({ chunk, examination, citations }) => {
    const share = cited > 0 ? citations / cited : examined > 0 ? examination / examined : 0;
    if (share === 0) return [];
    // What is cited was read.
    const seen = cited > 0 ? 1 : examination;
    const evidence = { relevant: good ? 1 : 0, weight: VERDICT_WEIGHT * share, examination: seen, at };
    return [{ chunk, evidence }];
  });
}
