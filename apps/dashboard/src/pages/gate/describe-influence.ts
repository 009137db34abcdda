import type { EvaluationRunDetails } from "../../api/types.ts";
import { count, plural, points } from "../../format/numbers.ts";

type Report = NonNullable<EvaluationRunDetails["contributors"]>;

/** One line for each contributor, and one for several together: what their items add to the held-out score, in points. */
export function describeInfluence({ contributors, cohort }: Report): { ids: string[]; text: string }[] {
  const rows = [
    ...contributors.map((one) => ({ ids: [one.userId], ...one })),
    ...(cohort === null ? [] : [{ ids: cohort.userIds, ...cohort }]),
  ];
  return rows.map(({ ids, items, change, asked }) => ({
    ids,
    text: `${plural(items, "item", "items")}${ids.length > 1 ? " together" : ""}: ${points(change)} points on ${count(asked)} held out`,
  }));
}
