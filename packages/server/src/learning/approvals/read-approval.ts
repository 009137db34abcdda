import type { ApprovalDemonstration, ApprovalRule, RunApproval } from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { readExamplesByIds } from "../../curation/examples/index.ts";
import type { BehaviorDiff } from "../behavior/next-candidate.ts";
import { requireRun } from "../training-runs/require-run.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { evidenceOf, readDiff } from "./read-diff.ts";
import { type EvidenceRow, readEvidence, readName, readReviewers } from "./store.ts";
import { whoMayDecide } from "./who-may-decide.ts";

const SHOWN_EVIDENCE = 20;
const SHOWN_DEMONSTRATIONS = 100;
const NOTHING: BehaviorDiff = {
  rules_added: [],
  rules_updated: [],
  rules_removed: [],
  demonstrations_added: [],
  demonstrations_removed: [],
};

function statusOf(run: TrainingRunRow): RunApproval["status"] {
  if (run.status !== "completed")
    return run.status === "failed" || run.status === "cancelled" ? "nothing_to_decide" : "not_ready";
  if (run.review_status === "approved" || run.review_status === "rejected") return run.review_status;
  return run.candidate_version_id === null ? "nothing_to_decide" : "waiting";
}

function presentRules(diff: BehaviorDiff, examples: ReadonlySet<string>): ApprovalRule[] {
  const shown = (change: "added" | "updated", rule: BehaviorDiff["rules_added"][number]): ApprovalRule => ({
    change,
    id: rule.id,
    text: rule.text,
    reason: null,
    helpful: rule.helpful,
    harmful: rule.harmful,
    expert: rule.expert,
    agent: rule.agent,
    adjusted_p_value: rule.adjusted_p_value,
    evidence: rule.evidence_ids
      .slice(0, SHOWN_EVIDENCE)
      .map((id) => ({ kind: examples.has(id) ? "example" : "execution", id })),
    evidence_total: rule.evidence_ids.length,
  });
  return [
    ...diff.rules_added.map((rule) => shown("added", rule)),
    ...diff.rules_updated.map((rule) => shown("updated", rule)),
    ...diff.rules_removed.map(({ id, text, reason }): ApprovalRule => ({
      change: "removed",
      id,
      text,
      reason,
      helpful: null,
      harmful: null,
      expert: null,
      agent: null,
      adjusted_p_value: null,
      evidence: [],
      evidence_total: 0,
    })),
  ];
}

async function presentDemonstrations(
  ctx: TenantContext,
  diff: BehaviorDiff,
  evidence: readonly EvidenceRow[],
): Promise<ApprovalDemonstration[]> {
  const changes = [
    ...diff.demonstrations_removed.map((id) => ({ change: "removed" as const, id })),
    ...diff.demonstrations_added.map((id) => ({ change: "added" as const, id })),
  ].slice(0, SHOWN_DEMONSTRATIONS);
  const examples = await readExamplesByIds(
    ctx,
    changes.map(({ id }) => id),
  );
  return changes.map(({ change, id }) => ({
    change,
    example_id: id,
    input_text: examples.get(id)?.input_text ?? null,
    expected_output: examples.get(id)?.expected_output ?? null,
    contributor: evidence.find((row) => row.id === id)?.display_name ?? null,
  }));
}

function contributorsOf(evidence: readonly EvidenceRow[]): RunApproval["contributors"] {
  const people = new Map<string, RunApproval["contributors"][number]>();
  for (const { user_id: id, display_name } of evidence) {
    if (id === null) continue;
    const known = people.get(id) ?? { user_id: id, display_name, examples: 0 };
    people.set(id, { ...known, examples: known.examples + 1 });
  }
  return [...people.values()].sort(
    (one, other) => other.examples - one.examples || (one.user_id < other.user_id ? -1 : 1),
  );
}

/**
 * What a reviewer decides on: the difference in rules and demonstrations with its evidence, whose it is, and whether the caller may
 * decide.
 * @throws ProblemError not-found for the run
 */
export async function readApproval({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string };
}): Promise<RunApproval> {
  const run = await requireRun(ctx, input.runId);
  const diff = readDiff(run.metrics) ?? NOTHING;
  const evidence = await readEvidence(ctx, evidenceOf(diff));
  const contributors = contributorsOf(evidence);
  const status = statusOf(run);
  const answer = whoMayDecide(actorUserId(ctx), {
    launcher: run.created_by,
    contributors: new Set(contributors.map(({ user_id: id }) => id)),
    reviewers: await readReviewers(ctx),
  });
  const why = answer.may ? null : answer.why;
  return {
    run_id: run.id,
    candidate_version_id: run.candidate_version_id,
    status,
    rules: presentRules(diff, new Set(evidence.map(({ id }) => id))),
    demonstrations: await presentDemonstrations(ctx, diff, evidence),
    demonstrations_total: diff.demonstrations_added.length + diff.demonstrations_removed.length,
    contributors,
    started_by:
      run.created_by === null
        ? null
        : { user_id: run.created_by, display_name: await readName(ctx, run.created_by) },
    may_decide: answer.may && status === "waiting",
    why_not: status === "waiting" ? why : null,
  };
}
