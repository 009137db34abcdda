import { lnBetaTails } from "@agent-learning/statistics";
import type { PlaybookRule } from "../candidate.ts";

/** Evidence below which a rule is left alone. */
const LEAST_EVIDENCE = 3;
/** Probability of doing more harm than good from which a rule goes. */
const HARMFUL = 0.8;

/**
 * Probability that a rule does more harm than good: the part below one half of a Beta(1 + helpful, 1 + harmful) posterior of the
 * share of answers that it made better among those that it changed.
 */
export function probabilityOfHarm({ helpful, harmful }: Pick<PlaybookRule, "helpful" | "harmful">): number {
  return Math.exp(lnBetaTails(0.5, 1 + helpful, 1 + harmful).lower);
}

/** True when the evidence says that the rule should go. */
export function isRetired(rule: PlaybookRule): boolean {
  return rule.helpful + rule.harmful >= LEAST_EVIDENCE && probabilityOfHarm(rule) >= HARMFUL;
}

/** What one answer says of the rule that was in its prompt. */
export interface RuleEvidence {
  ruleId: string;
  helpful: boolean;
  /** The example or feedback that says so; counted once for each rule. */
  evidenceId: string;
}

/** The playbook with the evidence counted and the rules that it speaks against left out; the given one when nothing changes. */
export function countEvidence(
  playbook: readonly PlaybookRule[],
  evidence: readonly RuleEvidence[],
): { playbook: PlaybookRule[]; retired: PlaybookRule[] } {
  const counted = playbook.map((rule) => {
    const fresh = new Map(
      evidence
        .filter(({ ruleId, evidenceId }) => ruleId === rule.id && !rule.evidenceIds.includes(evidenceId))
        .map((entry) => [entry.evidenceId, entry]),
    );
    if (fresh.size === 0) return rule;
    const helpful = [...fresh.values()].filter((entry) => entry.helpful).length;
    return {
      ...rule,
      evidenceIds: [...rule.evidenceIds, ...fresh.keys()],
      helpful: rule.helpful + helpful,
      harmful: rule.harmful + fresh.size - helpful,
    };
  });
  const retired = counted.filter(isRetired);
  return { playbook: counted.filter((rule) => !retired.includes(rule)), retired };
}
