import type { Comparison, Decision } from "@agent-learning/contract";
import type { Context, TenantContext } from "../../context.ts";
import type { JobDefinition } from "../../jobs/job-queue.ts";
import { type ExampleRow, readExamplesByIds } from "../examples/index.ts";
import {
  CounterBuilder,
  CounterLedger,
  dayOf,
  fold,
  QUALITY_DAYS,
  qualityTenth,
} from "../statistics/index.ts";
import {
  changeScore,
  type Leaning,
  readAnnotationsOfEach,
  readInTurn,
  readWeightsThen,
} from "./rescore-store.ts";
import { RollingMeans } from "./rolling-mean.ts";
import { scoreFrom } from "./settle.ts";

const PAGE = 500;

export const RESCORE_JOB = "rescore-reviews";

/** A review that was settled, and the means of that moment, one of which its score leans towards. */
interface Settled {
  annotationId: string;
  means: Record<Decision, number | null>;
}

/**
 * Scores an agent's reviews again that were settled since a time, each by the annotations that are left, the mean and the weights that they
 * would have had then. What was decided stays decided. Goes through the agent's annotations in the order in which they came, a page in a
 * transaction; once more changes nothing.
 * @returns how many scores are others now
 */
export async function rescoreReviews(ctx: Context, leaning: Leaning, signal?: AbortSignal): Promise<number> {
  const means = new RollingMeans(QUALITY_DAYS);
  let changed = 0;
  for (let after: string | undefined; ;) {
    signal?.throwIfAborted();
    const page = await ctx.transact((tenant) =>
      readInTurn(tenant, leaning, { days: QUALITY_DAYS, after, limit: PAGE }),
    );
    const settled = new Map<string, Settled>();
    for (const { id, day, decision, quality, learning_example_id: exampleId, settles } of page) {
      // As when it was settled: before the annotation that did it was counted.
      if (settles)
        settled.set(exampleId, {
          annotationId: id,
          means: { approve: means.mean("approve", day), reject: means.mean("reject", day) },
        });
      if (quality !== null) means.add(decision, day, quality);
    }
    if (settled.size > 0) changed += await ctx.transact((tenant) => rescore(tenant, settled));
    if (page.length < PAGE) return changed;
    after = page.at(-1)?.id;
  }
}

async function rescore(ctx: TenantContext, settled: ReadonlyMap<string, Settled>): Promise<number> {
  const ids = [...settled.keys()];
  const annotations = await readAnnotationsOfEach(ctx, ids);
  const weights = await readWeightsThen(
    ctx,
    [...settled].flatMap(([exampleId, { annotationId }]) =>
      (annotations.get(exampleId) ?? []).map((row) => ({ annotationId, userId: row.expert_id })),
    ),
  );
  const ledger = new CounterLedger();
  let changed = 0;
  for (const example of (await readExamplesByIds(ctx, ids)).values()) {
    const review = settled.get(example.id);
    if (review === undefined) continue;
    const theirs = annotations.get(example.id) ?? [];
    const then = new Map(
      theirs.map((row) => [row.expert_id, weights.get(`${review.annotationId} ${row.expert_id}`) ?? 1]),
    );
    const decision = example.review_status === "approved" ? "approve" : "reject";
    const outcome = { decision, comparison: comparisonIn(example) } as const;
    const score = scoreFrom(theirs, then, outcome, review.means[decision]);
    if (score === null || score === example.quality_score) continue;
    if (!(await changeScore(ctx, example, score))) continue;
    changed += 1;
    if (example.reviewed_at === null || example.quality_score === null) continue;
    const day = dayOf(example.reviewed_at);
    const tenth = (value: number) => new CounterBuilder().count(`quality:${qualityTenth(value)}`).build();
    ledger
      .add(example.agent_id, day, tenth(example.quality_score), -1)
      .add(example.agent_id, day, tenth(score));
  }
  await fold(ctx, ledger);
  return changed;
}

function comparisonIn({ example_type: type, preferred_output: preferred }: ExampleRow): Comparison | null {
  if (type !== "preference") return null;
  return { preferred: (preferred ?? "tie") as Comparison["preferred"] };
}

/** Scores anew what leant on the words of somebody who was erased. */
export const rescoreJob: JobDefinition = {
  name: RESCORE_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => {
    const leaning = { agentId: String(data["agentId"]), since: new Date(String(data["since"])) };
    await rescoreReviews(ctx, leaning, signal);
  },
};
