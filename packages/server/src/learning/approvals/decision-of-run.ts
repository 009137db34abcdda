import type { TenantContext } from "../../context.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { evidenceOf, readDiff } from "./read-diff.ts";
import { readEvidence, readReviewers } from "./store.ts";
import { type MayDecide, whoMayDecide } from "./who-may-decide.ts";

/** Whether a person may decide on what a run of behaviour learning made. */
export async function decisionOfRun(
  ctx: TenantContext,
  run: Pick<TrainingRunRow, "created_by" | "metrics">,
  userId: string | null,
): Promise<MayDecide> {
  const diff = readDiff(run.metrics);
  const evidence = diff === undefined ? [] : await readEvidence(ctx, evidenceOf(diff));
  return whoMayDecide(userId, {
    launcher: run.created_by,
    contributors: new Set(evidence.flatMap(({ user_id: id }) => id ?? [])),
    reviewers: await readReviewers(ctx),
  });
}
