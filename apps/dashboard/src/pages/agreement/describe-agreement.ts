import type { AnnotationAgreement } from "../../api/types.ts";
import { percent, plural } from "../../format/numbers.ts";

/** How far annotators agree, in a sentence; `wanted` is the share that the agent's policy asks for. */
export function describeAgreement({ examples, decision }: AnnotationAgreement, wanted: number): string {
  const { percent: share, percentInterval: interval } = decision;
  if (examples === 0 || share === null || interval === null)
    return "No example has been judged by two people independently yet, so nobody can say how far they agree.";
  const start = `Two people who judge the same example decide alike ${percent(share, 0)} of the time (95 %: ${percent(interval[0], 0)} to ${percent(interval[1], 0)})`;
  const rest = `${plural(examples, "example")}.`;
  if (interval[0] >= wanted)
    return `${start}: enough for a dataset, which asks for ${percent(wanted, 0)}. From ${rest}`;
  if (interval[1] < wanted)
    return `${start}: too little for a dataset, which asks for ${percent(wanted, 0)}. From ${rest}`;
  return `${start}: too few examples to say whether that reaches the ${percent(wanted, 0)} that a dataset asks for. From ${rest}`;
}
