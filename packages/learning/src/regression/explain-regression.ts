import type { RegressionPolicy, RegressionReport } from "./judge-regression.ts";

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** The verdict as a person reads it: what broke first, then what could not be judged. */
export function explainRegression(
  report: Omit<RegressionReport, "sentence">,
  policy: RegressionPolicy,
): string {
  const { cases, slices, paired } = report;
  if (cases.length === 0) {
    return policy.minCases > 0
      ? `There is no case, and the policy wants ${policy.minCases}.`
      : "There is no case yet: nothing was compared.";
  }
  const of = (status: string): number => cases.filter((one) => one.status === status).length;
  const parts: string[] = [];
  const broken = of("broken");
  if (broken > 0) parts.push(`${plural(broken, "pinned case breaks", "pinned cases break")}.`);
  for (const { slice, passRate, floor, cases: count, held } of slices) {
    if (held || floor === null) continue;
    parts.push(
      count === 0
        ? `The slice ${slice} has a floor of ${percent(floor)} and no judged case.`
        : `The slice ${slice} is at ${percent(passRate ?? 0)} of ${plural(count, "case", "cases")}, below its floor of ${percent(floor)}.`,
    );
  }
  if (paired?.isWorse === true) {
    parts.push(
      `Over ${plural(paired.cases, "case", "cases")} it is worse than the baseline: ${paired.losses} lost, ${paired.wins} won, p = ${paired.pValue.toPrecision(2)}.`,
    );
  }
  if (cases.length < policy.minCases)
    parts.push(
      `There ${cases.length === 1 ? "is" : "are"} ${plural(cases.length, "case", "cases")}, and the policy wants ${policy.minCases}.`,
    );
  if (parts.length === 0)
    parts.push(
      `${of("passed")} of ${plural(cases.length, "case passes", "cases pass")}; nothing pinned breaks.`,
    );
  const quarantined = of("quarantined");
  if (quarantined > 0)
    parts.push(
      `${plural(quarantined, "case was", "cases were")} set aside as ${quarantined === 1 ? "it measures" : "they measure"} chance.`,
    );
  const unjudged = of("not_judged");
  if (unjudged > 0) parts.push(`${plural(unjudged, "case", "cases")} could not be judged.`);
  if (report.verdict === "inconclusive") parts.push("Too little could be judged to let it pass.");
  const still = of("still_failing");
  if (still > 0) parts.push(`${plural(still, "case fails", "cases fail")} as before.`);
  return parts.join(" ");
}
