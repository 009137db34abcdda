import type { FeedbackLineage } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { descendantsOf } from "./descendants.ts";
import { readCasesOf, readDatasetsOf, readExamplesFrom, readVersionsOf } from "./store.ts";

/**
 * What a piece of feedback went into: its examples, their datasets, what was learned from those, and what became of that.
 * @throws ProblemError not-found
 */
export async function getFeedbackLineage({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { feedbackId: string };
}): Promise<FeedbackLineage> {
  const examples = await readExamplesFrom(ctx, input.feedbackId);
  if (examples === undefined) throw notFound("feedback", input.feedbackId, "path.id");
  const datasets = new Map<string, FeedbackLineage["datasets"][number]>();
  const versionIds: string[] = [];
  for (const example of examples) {
    for (const row of await readDatasetsOf(ctx, example.id)) datasets.set(row.id, row);
    const versions = await readVersionsOf(ctx, example);
    versionIds.push(...versions.filter(({ via }) => via === "demonstration").map(({ id }) => id));
  }
  return {
    feedback_id: input.feedbackId,
    examples: examples.map(({ id, example_type, review_status }) => ({
      id,
      example_type,
      review_status: review_status ?? "pending",
    })),
    datasets: [...datasets.values()],
    regression_cases: await readCasesOf(ctx, input.feedbackId),
    ...(await descendantsOf(ctx, { datasetIds: [...datasets.keys()], versionIds })),
  };
}
