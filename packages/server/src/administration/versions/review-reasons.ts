import type { AgentVersionConfig, VersionOrigin } from "@agent-learning/contract";
import { canonicalJson } from "./canonical-json.ts";

/** Why a version needs a person's approval before it is released. */
export type ReviewReason =
  | "fine_tuning"
  | "behavior_learning"
  | "prompt_change_not_measured"
  | "prompt_change_too_wide";

export interface ReviewQuestion {
  origin: VersionOrigin;
  config: AgentVersionConfig;
  /** What it would replace; null: nothing is replaced, so nothing changes for anybody. */
  baseline: AgentVersionConfig | null;
  /** Share of replayed inputs whose output changes, 0 to 1; null: not measured. */
  affectedQueryShare: number | null;
  /** The policy's `review.max_unreviewed_change`, 0 to 1. */
  maxUnreviewedChange: number;
}

function prompt(config: AgentVersionConfig): string {
  return canonicalJson([config.components, config.demonstrations, config.playbook]);
}

/**
 * The guide's human review requirements that depend on the version alone: every fine-tuning run, behaviour learning, and a
 * prompt change (components, demonstrations or playbook) that touches more than half of the queries. A share that nobody
 * measured counts as too wide: missing evidence never waives a review.
 */
export function reviewReasons(question: ReviewQuestion): ReviewReason[] {
  const { baseline, config } = question;
  const reasons: ReviewReason[] = [];
  const adapterChanged = canonicalJson(config.adapter) !== canonicalJson(baseline?.adapter ?? null);
  if (question.origin === "fine_tuning" || adapterChanged) reasons.push("fine_tuning");
  if (question.origin === "behavior_learning") reasons.push("behavior_learning");
  if (baseline !== null && prompt(config) !== prompt(baseline)) {
    if (question.affectedQueryShare === null) reasons.push("prompt_change_not_measured");
    else if (question.affectedQueryShare > question.maxUnreviewedChange)
      reasons.push("prompt_change_too_wide");
  }
  return reasons;
}
