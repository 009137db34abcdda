import type { DatasetCard } from "@agent-learning/contract";
import { krippendorffAlpha, wilsonInterval } from "@agent-learning/statistics";

/** So many examples with so many approving and rejecting annotations each. */
export interface DecisionCounts {
  approvals: number;
  rejections: number;
  examples: number;
}

/** Share of the pairs of annotators of one example that decided alike. */
function pairwise({ approvals, rejections }: DecisionCounts): number {
  const annotators = approvals + rejections;
  const alike = approvals * (approvals - 1) + rejections * (rejections - 1);
  return alike / (annotators * (annotators - 1));
}

/**
 * Agreement on the decision over examples with two annotations or more: the mean over examples of the share of agreeing
 * pairs, its Wilson interval (95 %, examples as trials, the sum of shares rounded), and Krippendorff's nominal alpha, which
 * percent agreement lacks: it falls when agreement is what chance gives.
 */
export function agreementOf(counts: readonly DecisionCounts[]): DatasetCard["agreement"] {
  const doubled = counts.filter(({ approvals, rejections }) => approvals + rejections >= 2);
  const examples = doubled.reduce((sum, row) => sum + row.examples, 0);
  if (examples === 0) return { examples, percent: null, interval: null, krippendorff_alpha: null };
  const agreeing = doubled.reduce((sum, row) => sum + row.examples * pairwise(row), 0);
  const interval = wilsonInterval(Math.round(agreeing), examples);
  const ratings = doubled.flatMap((row) => {
    const one = [
      ...Array.from({ length: row.approvals }, () => 1),
      ...Array.from({ length: row.rejections }, () => 0),
    ];
    return Array.from({ length: row.examples }, () => one);
  });
  return {
    examples,
    percent: agreeing / examples,
    interval: [interval.lower, interval.upper],
    krippendorff_alpha: krippendorffAlpha(ratings, "nominal") ?? null,
  };
}
