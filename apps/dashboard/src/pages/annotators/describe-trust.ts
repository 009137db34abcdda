import type { AnnotatorTrustReport } from "../../api/types.ts";
import { plural } from "../../format/numbers.ts";

/** What a newcomer's annotations count. */
const NEWCOMER = 1;

/** Who counts more and who less, in a sentence. */
export function describeTrust({ people }: AnnotatorTrustReport): string {
  if (people.length === 0) return "Nobody has annotated for this agent yet.";
  const more = people.filter(({ weight }) => weight > NEWCOMER).length;
  const less = people.filter(({ weight }) => weight < NEWCOMER).length;
  const measured = people.filter((one) => one.goldAgreed + one.goldDisagreed > 0).length;
  if (measured === 0)
    return `${plural(people.length, "person annotates", "people annotate")}; nobody has met a known answer yet, so all count the same.`;
  const parts = [
    more === 0 ? undefined : `${plural(more, "counts", "count")} more than a newcomer`,
    less === 0 ? undefined : `${plural(less, "counts", "count")} less`,
  ].filter((part) => part !== undefined);
  return `${plural(people.length, "person annotates", "people annotate")}, ${measured} measured by known answers${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
}
