import { type AnnotationAgreement, QUALITY_DIMENSIONS } from "@agent-learning/contract";
import { alphaInterval, dawidSkene, gwetAC1, wilsonInterval } from "@agent-learning/statistics";
import type { Judged } from "./store.ts";

/** Below it no conclusion should rest on the annotations (Krippendorff 2004). */
const LEAST_ALPHA = 0.667;
/** Scores that differ by so much are alike. */
const TOLERANCE = 0.15;
const SEED = "agreement";

/** Reviews of examples that two people or more judged independently, by example; gold is not among them. */
export function panelOf(reviews: readonly Judged[]): Judged[][] {
  const byExample = Map.groupBy(
    reviews.filter(({ is_gold }) => !is_gold),
    ({ example_id }) => example_id,
  );
  return [...byExample.values()].filter((judgements) => judgements.length > 1);
}

function shareWithInterval(shares: readonly number[]): [number | null, [number, number] | null] {
  if (shares.length === 0) return [null, null];
  const sum = shares.reduce((total, share) => total + share, 0);
  const { lower, upper } = wilsonInterval(Math.round(sum), shares.length);
  return [sum / shares.length, [lower, upper]];
}

/** Share of pairs of values of one example for which `alike` holds. */
function alikeShare<T>(values: readonly T[], alike: (one: T, other: T) => boolean): number {
  let [same, pairs] = [0, 0];
  for (const [i, one] of values.entries())
    for (const other of values.slice(i + 1)) {
      pairs += 1;
      if (alike(one, other)) same += 1;
    }
  return same / pairs;
}

/** Agreement of a panel on the decision and on each dimension. */
export function agreementOfPanel(
  panel: readonly (readonly Judged[])[],
): Pick<AnnotationAgreement, "examples" | "annotations" | "decision" | "dimensions" | "warnings"> {
  const decisions = panel.map((judged) => judged.map(({ decision }) => (decision === "approve" ? 1 : 0)));
  const [percent, percent_interval] = shareWithInterval(
    decisions.map((said) => alikeShare(said, (a, b) => a === b)),
  );
  const alpha = alphaInterval(decisions, { seed: SEED });
  const counts = decisions.map((said) => {
    const approvals = said.filter((value) => value === 1).length;
    return [approvals, said.length - approvals];
  });
  const dimensions = QUALITY_DIMENSIONS.map((dimension) => {
    const scores = panel
      .map((judged) => judged.flatMap((row) => row[dimension] ?? []))
      .filter((values) => values.length > 1);
    const found = alphaInterval(scores, { seed: SEED });
    const [within_tolerance, within_interval] = shareWithInterval(
      scores.map((values) => alikeShare(values, (a, b) => Math.abs(a - b) <= TOLERANCE + 1e-9)),
    );
    return {
      dimension,
      examples: scores.length,
      krippendorff_alpha: found?.estimate ?? null,
      alpha_interval: found === undefined ? null : ([found.lower, found.upper] as [number, number]),
      within_tolerance,
      within_interval,
    };
  });
  const low = [
    { name: "the decision", value: alpha?.estimate ?? null },
    ...dimensions.map((row) => ({ name: row.dimension, value: row.krippendorff_alpha })),
  ].filter(({ value }) => value !== null && value < LEAST_ALPHA);
  return {
    examples: panel.length,
    annotations: panel.reduce((sum, judged) => sum + judged.length, 0),
    decision: {
      percent,
      percent_interval,
      krippendorff_alpha: alpha?.estimate ?? null,
      alpha_interval: alpha === undefined ? null : [alpha.lower, alpha.upper],
      gwet_ac1: gwetAC1(counts) ?? null,
    },
    dimensions,
    warnings: low.map(
      ({ name, value }) =>
        `Krippendorff's alpha on ${name} is ${(value as number).toFixed(3)}, below ${LEAST_ALPHA}: annotators agree little more than chance would have them.`,
    ),
  };
}

/** Each person's probability of being right, from nothing but who said what (Dawid and Skene), and of how many judgements. */
export function panelAccuracy(
  panel: readonly (readonly Judged[])[],
): Map<string, { accuracy: number; annotations: number }> {
  const people = [...new Set(panel.flat().map(({ expert_id }) => expert_id))];
  if (people.length === 0) return new Map();
  const places = new Map(people.map((id, place) => [id, place]));
  const judgements = panel.flatMap((judged, item) =>
    judged.map(({ expert_id, decision }) => ({
      item,
      rater: places.get(expert_id) as number,
      category: decision === "approve" ? 1 : 0,
    })),
  );
  const { accuracy } = dawidSkene(judgements, { items: panel.length, raters: people.length, categories: 2 });
  const counts = Map.groupBy(judgements, ({ rater }) => rater);
  return new Map(
    people.map((id, rater) => [
      id,
      { accuracy: accuracy[rater] as number, annotations: counts.get(rater)?.length ?? 0 },
    ]),
  );
}
