import type { ContributionsReview } from "@agent-learning/contract";
import { reviewContributions } from "@agent-learning/learning";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { presentSuspicion } from "./present-suspicion.ts";
import {
  holdExamples,
  insertSuspicion,
  lockReview,
  readContributions,
  readVerified,
  type SuspicionRow,
} from "./store.ts";

/** Contributions and verified examples that are looked at: the newest. */
const MOST_CONTRIBUTIONS = 5_000;
const MOST_VERIFIED = 2_000;

/**
 * Looks for poisoned corrections of end users and holds them back from datasets until a reviewer decides. What a reviewer released is
 * not held again. Runs whenever a dataset is built, so that what is found does not depend on a schedule.
 * @param input.agentId UUID
 */
export async function reviewAgentContributions({
  ctx,
  input: { agentId },
}: {
  ctx: TenantContext;
  input: { agentId: string };
}): Promise<ContributionsReview> {
  await lockReview(ctx, agentId);
  const contributions = await readContributions(ctx, agentId, MOST_CONTRIBUTIONS);
  // A verified correction is its contributor's own evidence: it may not speak for itself.
  const own = new Set(contributions.map(({ id }) => id));
  const verified = await readVerified(ctx, agentId, MOST_VERIFIED);
  const trusted = verified.filter(({ exampleId }) => !own.has(exampleId));
  const review = reviewContributions({ contributions, trusted });
  const decided = new Map(contributions.map(({ id, quarantine }) => [id, quarantine]));
  const rows: SuspicionRow[] = [];
  for (const suspicion of review.suspicions) {
    const wanted = suspicion.contributionIds.filter((id) => decided.get(id) === null);
    const exampleIds = wanted.length === 0 ? [] : await holdExamples(ctx, wanted);
    if (exampleIds.length === 0) continue;
    const { detector, contributorIds, lnPValue, sentence } = suspicion;
    rows.push(
      await insertSuspicion(ctx, {
        id: newId(),
        agentId,
        detector,
        contributorIds,
        lnPValue,
        sentence,
        exampleIds,
      }),
    );
    for (const id of exampleIds) decided.set(id, "held");
  }
  for (const row of rows) {
    await writeAudit(ctx, {
      action: "contributions.held",
      entityType: "contribution_suspicion",
      entityId: row.id,
      data: { agent_id: agentId, detector: row.detector, examples: (row.example_ids as string[]).length },
    });
  }
  return {
    contributions: contributions.length,
    trusted_examples: trusted.length,
    contradiction_rate: review.contradictionRate,
    suspicions: rows.map(presentSuspicion),
  };
}
