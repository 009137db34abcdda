import type { LearningExampleDetail } from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { presentAnnotation, readAnnotationsOf } from "../annotations/index.ts";
import { type ExampleRow, presentExample, readExample } from "../examples/index.ts";
import { readDatasetsOf, readSourceExecution, readSourceFeedback, readVersionsOf } from "./store.ts";

function isInReview(example: ExampleRow): boolean {
  return example.review_status === "pending" || example.review_status === "in_review";
}

/**
 * An example with where it came from and what it went into. While it is in review, what others said of it is hidden from
 * everybody, and a person sees their own: whoever has yet to annotate or to adjudicate decides by the example alone, and an
 * adjudicator is shown the annotations with the claim.
 * @throws ProblemError not-found
 */
export async function getExample({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { exampleId: string };
}): Promise<LearningExampleDetail> {
  const example = await readExample(ctx, input.exampleId);
  if (example === undefined) throw notFound("learning example", input.exampleId, "path.exampleId");
  const annotations = await readAnnotationsOf(ctx, example.id);
  const userId = actorUserId(ctx);
  const visible = isInReview(example)
    ? annotations.filter((annotation) => userId !== null && annotation.expert_id === userId)
    : annotations;
  return {
    ...presentExample(example),
    lineage: {
      feedback: await readSourceFeedback(ctx, example),
      execution: await readSourceExecution(ctx, example),
      annotations: visible.map(presentAnnotation),
      annotations_hidden: visible.length < annotations.length,
      datasets: await readDatasetsOf(ctx, example.id),
      versions: await readVersionsOf(ctx, example),
    },
  };
}
