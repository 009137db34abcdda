/** How often somebody agreed with answers that were known. */
export interface GoldRecord {
  agreed: number;
  disagreed: number;
}

/** Imagined answers before the first: three of four right, so that a newcomer starts with little weight to lose or gain. */
const PRIOR = { agreed: 1.5, disagreed: 0.5 };

/** Parameters of the Beta posterior of agreement with gold. */
export function agreementPosterior({ agreed, disagreed }: GoldRecord): { a: number; b: number } {
  return { a: PRIOR.agreed + agreed, b: PRIOR.disagreed + disagreed };
}

/** Mean of the Beta posterior of agreement with gold, 0 to 1. */
export function agreementMean(record: GoldRecord): number {
  const { a, b } = agreementPosterior(record);
  return a / (a + b);
}

/**
 * Weight of an annotator's opinion, 0 to 1: 0 at the agreement that a coin would have, 1 at always. Linear between, after the
 * posterior mean; nobody starts at 1.
 */
export function trustWeight(record: GoldRecord): number {
  return Math.max(0, 2 * agreementMean(record) - 1);
}
