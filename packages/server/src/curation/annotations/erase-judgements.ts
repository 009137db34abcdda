import type { TenantContext } from "../../context.ts";
import { lockExample, retireTasks } from "../examples/index.ts";
import {
  changeOpenAnnotations,
  CounterLedger,
  fold,
  GAUGE_DAY,
  TOTAL_EXAMPLES,
} from "../statistics/index.ts";
import { lockAnnotator, reopenTasks } from "../tasks/index.ts";
import {
  deleteAnnotationsOf,
  deleteGold,
  readAnnotatedBy,
  takeBackAnnotations,
  takeBackExamples,
  unverify,
} from "./erase-store.ts";
import { RESCORE_JOB } from "./rescore-reviews.ts";
import { readLeanings } from "./rescore-store.ts";
import { retellReview } from "./retell-review.ts";

const PAGE = 100;

/**
 * Takes a person's judgements out of everything that rests on them: their annotations, verifications and known answers are gone, with
 * what was counted of them, and the reviews that they took part in are told anew from what others said; a job scores anew the others whose
 * scores leant on theirs. What was said of the person's own
 * examples goes too. Example by example, so that memory does not grow with their history; once more changes nothing.
 * @param examples the person's own, of those that no erasure has emptied yet
 * @returns how many annotations are gone, and how many reviews were told anew
 */
export async function eraseJudgements(
  ctx: TenantContext,
  { userId, examples }: { userId: string; examples: readonly { id: string; agent_id: string }[] },
): Promise<{ annotations: number; reviews: number }> {
  await lockAnnotator(ctx, userId);
  const own = examples.map(({ id }) => id);
  const leanings = await readLeanings(ctx, userId, own);
  const counted = new CounterLedger();
  await takeBackAnnotations(ctx, counted, userId, own);
  await takeBackExamples(ctx, counted, own, { day: GAUGE_DAY, metric: TOTAL_EXAMPLES });
  // Before the reviews are told anew: scores lean towards the mean of the annotations that count.
  await fold(ctx, counted);
  await unverify(ctx, userId);
  const ledger = new CounterLedger();
  await releaseGold(ctx, await deleteGold(ctx, userId, own), new Set(own), ledger);
  let annotations = await deleteAnnotationsOf(ctx, own);
  let reviews = 0;
  for (;;) {
    const ids = await readAnnotatedBy(ctx, userId, PAGE);
    if (ids.length === 0) break;
    for (const id of ids) {
      annotations += await retellReview(ctx, { userId, exampleId: id }, ledger);
      reviews += 1;
    }
  }
  await fold(ctx, ledger);
  for (const { agentId, since } of leanings)
    await ctx.services.jobs.enqueue(ctx, RESCORE_JOB, { agentId, since: since.toISOString() });
  return { annotations, reviews };
}

/** Makes examples that were gold ordinary ones again, with the annotations that they wanted before. */
async function releaseGold(
  ctx: TenantContext,
  gold: readonly { id: string; agent_id: string }[],
  own: ReadonlySet<string>,
  ledger: CounterLedger,
): Promise<void> {
  const others = gold.filter(({ id }) => !own.has(id));
  if (others.length > 0) await retireTasks(ctx, others);
  for (const { id, agent_id } of others) {
    const example = await lockExample(ctx, id);
    if (example?.is_active === true) changeOpenAnnotations(ledger, agent_id, await reopenTasks(ctx, id));
  }
}
