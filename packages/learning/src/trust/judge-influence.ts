import type { CohortInfluence, ContributorInfluence, InfluenceReport, LeftOut } from "./leave-one-out.ts";

export interface InfluencePolicy {
  /** Points of the held-out score, 0 to 1, that the items of one contributor, or of several together, may cost. */
  maxHarm: number;
}

export interface InfluenceJudgement {
  /** `inconclusive`: there is nothing held out, or no neighbour could be right. */
  verdict: "passed" | "failed" | "inconclusive";
  sentence: string;
  /** Contributors who cost more than is allowed, and those who do so together. */
  harmful: ContributorInfluence[];
  cohort: CohortInfluence | null;
}

/** Level of the tests, after Holm: a refusal accuses people. */
const LEVEL = 0.01;
/** Different outputs, as a share of the items, from which on neighbours say nothing of each other. */
const FREE_TEXT = 0.5;

const points = ({ change }: LeftOut): string => (-100 * change).toFixed(1);

/**
 * Whether what was learned from a dataset may be promoted as far as its contributors go: not when the held-out score is higher, by more
 * than the policy allows and than chance explains, without one of them, or without several together.
 * @param data.outputs different outputs among `items` training items
 */
export function judgeInfluence(
  { contributors, cohort, heldOut }: InfluenceReport,
  data: { items: number; outputs: number },
  { maxHarm }: InfluencePolicy,
): InfluenceJudgement {
  if (heldOut === 0 || data.items === 0)
    return nothing("Nothing is held out with an output: what a contributor does to it cannot be told.");
  if (data.outputs > FREE_TEXT * data.items)
    return nothing(
      `There are ${data.outputs} different outputs in ${data.items} items: what a contributor does to others' cannot be told.`,
    );
  const harms = ({ change, pValue }: LeftOut): boolean => change < -maxHarm && pValue < LEVEL;
  const harmful = contributors.filter(harms);
  const together = cohort !== null && harms(cohort) ? cohort : null;
  const said = harmful.map(
    (one) =>
      `Without the ${one.items} items of ${one.contributorId} the held-out score is ${points(one)} points higher.`,
  );
  if (together !== null)
    said.push(
      `Without the ${together.items} items of ${together.contributorIds.join(", ")} together it is ${points(together)} points higher.`,
    );
  if (said.length > 0) return { verdict: "failed", sentence: said.join(" "), harmful, cohort: together };
  return {
    verdict: "passed",
    sentence: `None of the ${contributors.length} largest contributors takes from the held-out score.`,
    harmful,
    cohort: together,
  };
}

function nothing(sentence: string): InfluenceJudgement {
  return { verdict: "inconclusive", sentence, harmful: [], cohort: null };
}
