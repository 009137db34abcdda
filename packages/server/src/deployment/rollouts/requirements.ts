import type {
  AgentVersionConfig,
  GATE_REQUIREMENTS,
  RolloutRequirement,
  VersionOrigin,
} from "@agent-learning/contract";
import { reviewReasons } from "../../administration/versions/index.ts";

export interface RequirementQuestion {
  candidate: {
    origin: VersionOrigin;
    config: AgentVersionConfig;
    affectedQueryShare: number | null;
    reviewStatus: string;
    reviewedAt: Date | null;
  };
  baseline: AgentVersionConfig;
  maxUnreviewedChange: number;
  /** The experiment that spoke for the candidate, if one did. */
  experiment: { winner: string | null; significance: number | null } | null;
  requiredSignificance: number;
  /** When this candidate was last rolled back in this environment; null: never. */
  rolledBackAt: Date | null;
}

type ReviewRequirement = Exclude<RolloutRequirement["name"], (typeof GATE_REQUIREMENTS)[number]>;

const SENTENCES: Readonly<Record<ReviewRequirement, string>> = {
  fine_tuning: "Every fine-tuned version needs a reviewer's approval.",
  behavior_learning: "What was learned from experts' behaviour needs a reviewer's approval.",
  prompt_change_not_measured:
    "The prompt changes and nobody measured how many queries that affects: a reviewer must approve it.",
  prompt_change_too_wide:
    "The prompt change affects more queries than may change without a reviewer's approval.",
  experiment_not_significant:
    "The experiment did not show with enough significance that the candidate is better: a reviewer must approve it.",
  rolled_back_before:
    "This version was rolled back here before: a reviewer must approve it again before the next attempt.",
  version_rejected: "A reviewer rejected this version.",
};

/** The guide's human review requirements that this candidate has not met; approval of the version meets all but a rejection. */
export function unmetRequirements(question: RequirementQuestion): RolloutRequirement[] {
  const { candidate, experiment } = question;
  const unmet = (name: ReviewRequirement): RolloutRequirement => ({
    name,
    sentence: SENTENCES[name],
  });
  if (candidate.reviewStatus === "rejected") return [unmet("version_rejected")];
  const { rolledBackAt } = question;
  const isApproved = candidate.reviewStatus === "approved";
  // What was approved before it failed is not what was learned by its failing.
  const isRetry =
    rolledBackAt !== null &&
    !(isApproved && candidate.reviewedAt !== null && candidate.reviewedAt > rolledBackAt);
  if (isApproved) return isRetry ? [unmet("rolled_back_before")] : [];
  const names: ReviewRequirement[] = reviewReasons({
    origin: candidate.origin,
    config: candidate.config,
    baseline: question.baseline,
    affectedQueryShare: candidate.affectedQueryShare,
    maxUnreviewedChange: question.maxUnreviewedChange,
  });
  const shown =
    experiment === null ||
    (experiment.winner === "treatment" && (experiment.significance ?? 0) >= question.requiredSignificance);
  return [
    ...names,
    ...(shown ? [] : (["experiment_not_significant"] as const)),
    ...(isRetry ? (["rolled_back_before"] as const) : []),
  ].map(unmet);
}
