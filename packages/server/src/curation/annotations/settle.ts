import type { Comparison, Decision } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { type ExampleRow, settleExample, type Settlement } from "../examples/index.ts";
import { CounterBuilder, type Counters, OPEN_ANNOTATIONS, readMeanQuality } from "../statistics/index.ts";
import { insertAdjudication, type LockedTask } from "../tasks/index.ts";
import { type Opinion, outcomeOf } from "./outcome.ts";
import { readWeights } from "./annotator-weights.ts";
import { comparisonOf, correctedOutputOf } from "./present-annotation.ts";
import { qualityScore } from "./quality-score.ts";
import { type AnnotationRow, readAnnotationsOf } from "./store.ts";

/** The dimensions that an annotation gives; all four to approve, perhaps fewer to reject. */
export function dimensionsOf(row: AnnotationRow): number[] {
  return [row.technical_accuracy, row.professional_quality, row.completeness, row.clarity].filter(
    (value) => value !== null,
  );
}

/** What annotators say, each with the weight that their word has. */
export function opinionsOf(
  annotations: readonly AnnotationRow[],
  weights: ReadonlyMap<string, number>,
): Opinion[] {
  return annotations.map((row) => ({
    weight: weights.get(row.expert_id) ?? 1,
    annotationType: row.annotation_type === "adjudication" ? "adjudication" : "review",
    decision: row.decision as Decision,
    correctedOutput: correctedOutputOf(row),
    comparison: comparisonOf(row),
  }));
}

/**
 * The quality score of an example with this outcome, by the annotations that were not overruled. Of a pair that was compared it is how
 * far people agree on the preferred output: a comparison without dimensions counts 1 for it, 0 against it.
 */
export async function scoreOf(
  ctx: TenantContext,
  agentId: string,
  annotations: readonly AnnotationRow[],
  weights: ReadonlyMap<string, number>,
  outcome: { decision: Decision; comparison: Comparison | null },
): Promise<number | null> {
  return scoreFrom(annotations, weights, outcome, await readMeanQuality(ctx, agentId, outcome.decision));
}

/** The same, where the mean that it leans towards is known. */
export function scoreFrom(
  annotations: readonly AnnotationRow[],
  weights: ReadonlyMap<string, number>,
  { decision, comparison }: { decision: Decision; comparison: Comparison | null },
  mean: number | null,
): number | null {
  const votes = annotations
    .filter((row) => row.decision === decision)
    .map((row) => {
      const dimensions = dimensionsOf(row);
      const said = comparisonOf(row);
      const agrees =
        said === null || comparison === null ? [] : [Number(said.preferred === comparison.preferred)];
      return {
        dimensions: dimensions.length > 0 ? dimensions : agrees,
        trust: weights.get(row.expert_id) ?? 1,
      };
    });
  return qualityScore(votes, mean);
}

/** What a pair says once people agree on it. A tie expects neither output. */
export function preferenceOf(
  example: Pick<ExampleRow, "output_a" | "output_b">,
  { preferred, strength }: Comparison,
): Required<Pick<Settlement, "expectedOutput" | "preferred">> {
  if (preferred === "tie") return { expectedOutput: "", preferred: { output: null, strength: null } };
  return {
    expectedOutput: (preferred === "A" ? example.output_a : example.output_b) ?? "",
    preferred: { output: preferred, strength: strength ?? null },
  };
}

export interface SettledReview {
  example: ExampleRow;
  /** Annotations still wanted. */
  outstanding: number;
  /** For the day's counters: the quality score's tenth, when there is one. */
  scored: number | null;
  gauges: Counters;
}

/**
 * Moves an example on after an annotation: nothing while others are wanted, an adjudication when annotators disagree,
 * else approved or rejected with its quality score. Annotations that were overruled do not count towards the score, and it is
 * shrunk towards the mean of annotations with the same decision: what an agent does badly elsewhere says nothing of an answer
 * that was found good.
 * @param tasks the example's tasks as they were before `completed` was completed
 */
export async function settleReview(
  ctx: TenantContext,
  example: ExampleRow,
  tasks: readonly LockedTask[],
  completed: LockedTask,
): Promise<SettledReview> {
  const annotations = await readAnnotationsOf(ctx, example.id);
  const wanted = tasks.filter(
    (task) =>
      task.id !== completed.id &&
      task.kind === "annotation" &&
      !task.is_gold &&
      ["waiting", "open", "claimed"].includes(task.status),
  );
  const weights = await readWeights(
    ctx,
    annotations.map((row) => row.expert_id),
  );
  const outcome = outcomeOf(opinionsOf(annotations, weights), wanted.length);
  const gauges = new CounterBuilder();
  if (outcome.kind === "disagreement") {
    await insertAdjudication(ctx, completed, newId());
    gauges.count(OPEN_ANNOTATIONS);
  }
  if (outcome.kind !== "settled") {
    const moved =
      example.review_status === "in_review"
        ? example
        : await settleExample(ctx, example.id, { status: "in_review" });
    const outstanding = outcome.kind === "disagreement" ? 1 : wanted.length;
    return { example: moved, outstanding, scored: null, gauges: gauges.build() };
  }
  const score = await scoreOf(ctx, example.agent_id, annotations, weights, outcome);
  const last = annotations.at(-1);
  const settled = await settleExample(ctx, example.id, {
    status: outcome.decision === "approve" ? "approved" : "rejected",
    qualityScore: score,
    ...(outcome.correctedOutput === null ? {} : { expectedOutput: outcome.correctedOutput }),
    ...(outcome.comparison === null ? {} : preferenceOf(example, outcome.comparison)),
    ...(last === undefined ? {} : { reviewedBy: last.expert_id, reviewNotes: last.notes }),
  });
  return { example: settled, outstanding: 0, scored: score, gauges: gauges.build() };
}
