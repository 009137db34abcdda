import {
  BEHAVIOR_RULE,
  type Candidate,
  incorporateCorrection,
  isRetired,
  type ProposedRule,
  type Row,
  selectsNearest,
} from "@agent-learning/learning";

/** What a candidate changes, for the person who approves it. Texts of examples stay in their examples. */
export interface BehaviorDiff {
  rules_added: ShownRule[];
  rules_updated: ShownRule[];
  rules_removed: { id: string; text: string; reason: "no_longer_supported" | "harmful" }[];
  /** Ids of examples. */
  demonstrations_added: string[];
  demonstrations_removed: string[];
}

export interface ShownRule {
  id: string;
  text: string;
  helpful: number;
  harmful: number;
  /** Runs with the pattern, and runs, of both sides. */
  expert: { runs: number; of: number };
  agent: { runs: number; of: number };
  adjusted_p_value: number;
  contributors: number;
  evidence_ids: string[];
}

/** Evidence that a version names for a rule at most. */
const MOST_EVIDENCE = 1_000;

/**
 * The base with what was learned: verified demonstrations and corrections put in, those taken out whose example may no longer be learned
 * from, and the rules from behaviour as the evidence now has them. Rules that came from elsewhere stay. Nothing to change: no diff.
 */
export function nextCandidate({
  base,
  rules,
  shown,
  mayUse,
}: {
  base: Candidate;
  rules: readonly ProposedRule[];
  /** Verified demonstrations and corrections, oldest first. */
  shown: readonly Row[];
  /** Whether an example may be learned from as things are now. */
  mayUse: (exampleId: string) => boolean;
}): { candidate: Candidate; diff: BehaviorDiff | undefined } {
  const removed = base.demonstrations.filter(
    ({ exampleId }) => exampleId !== undefined && !mayUse(exampleId),
  );
  let candidate: Candidate = {
    ...base,
    demonstrations: base.demonstrations.filter((demonstration) => !removed.includes(demonstration)),
  };
  const added: string[] = [];
  for (const { id, input, expected } of shown) {
    const { candidate: next, changes } = incorporateCorrection(candidate, { exampleId: id, input, expected });
    candidate = next;
    if (changes.length > 0) added.push(id);
  }
  const asks = added.length > 0 && candidate.runtime === "model" && !selectsNearest(candidate);
  // All demonstrations in every prompt would soon be too many.
  if (asks)
    candidate = {
      ...candidate,
      parameters: { ...candidate.parameters, demonstration_selection: "nearest" },
    };

  const before = base.playbook ?? [];
  const kept = rules
    .filter(({ rule }) => !isRetired(rule))
    .map((one) => ({
      ...one,
      rule: { ...one.rule, evidenceIds: one.rule.evidenceIds.slice(0, MOST_EVIDENCE) },
    }));
  const rulesRemoved = before
    .filter(({ id }) => id.startsWith(BEHAVIOR_RULE) && !kept.some(({ rule }) => rule.id === id))
    .map(({ id, text }) => ({
      id,
      text,
      reason: rules.some(({ rule }) => rule.id === id)
        ? ("harmful" as const)
        : ("no_longer_supported" as const),
    }));
  const playbook = [
    ...before.filter(({ id }) => !id.startsWith(BEHAVIOR_RULE)),
    ...kept.map(({ rule }) => rule),
  ];
  const rulesAdded = kept.filter(({ rule }) => !before.some(({ id }) => id === rule.id));
  const updated = kept.filter(({ rule }) => {
    const old = before.find(({ id }) => id === rule.id);
    return old !== undefined && JSON.stringify(weigh(old)) !== JSON.stringify(weigh(rule));
  });
  const diff: BehaviorDiff = {
    rules_added: rulesAdded.map(showRule),
    rules_updated: updated.map(showRule),
    rules_removed: rulesRemoved,
    demonstrations_added: added,
    demonstrations_removed: removed.flatMap(({ exampleId }) => exampleId ?? []),
  };
  const isChanged = Object.values(diff).some((list: unknown[]) => list.length > 0);
  return { candidate: { ...candidate, playbook }, diff: isChanged ? diff : undefined };
}

function weigh({ helpful, harmful, evidenceIds }: ProposedRule["rule"]): unknown {
  return [helpful, harmful, evidenceIds];
}

function showRule({ rule, departure }: ProposedRule): ShownRule {
  return {
    id: rule.id,
    text: rule.text,
    helpful: rule.helpful,
    harmful: rule.harmful,
    expert: departure.expert,
    agent: departure.agent,
    adjusted_p_value: departure.adjusted,
    contributors: departure.contributors.length,
    evidence_ids: rule.evidenceIds,
  };
}
