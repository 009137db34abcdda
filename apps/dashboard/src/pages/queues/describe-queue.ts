import type { AnnotationQueue, QueueProgress } from "../../api/types.ts";
import { count, percent, plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";

export const ORDERING_WORDS: Record<AnnotationQueue["ordering"], string> = {
  type: "By type of example",
  age: "Oldest first",
  uncertainty: "Least sure first",
};

/** Which new examples come to a queue, in a few words. */
export function describeFilter({ filter }: Pick<AnnotationQueue, "filter">): string {
  const parts = [
    filter.exampleTypes?.map(humanise).join(" or "),
    listed("from", filter.sourceTypes?.map(humanise)),
    listed("of domain", filter.domains),
    listed("of task", filter.taskTypes),
    listed("tagged", filter.tags),
    filter.maxConfidence === undefined
      ? undefined
      : `of which the agent was at most ${percent(filter.maxConfidence, 0)} sure`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "Every new example" : parts.join(", ");
}

function listed(before: string, values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : `${before} ${values.join(" or ")}`;
}

/** How far a queue is and when it will be done, in a sentence. */
export function describeProgress(progress: QueueProgress): string {
  const { open, openIsLeast, waiting, daysLeft, annotations, days } = progress;
  const wanted = `${openIsLeast ? "More than " : ""}${plural(open, "annotation is", "annotations are")} wanted`;
  if (open + waiting === 0)
    return annotations === 0
      ? "Nothing waits here."
      : `Nothing waits here; ${plural(annotations, "annotation was", "annotations were")} given in ${plural(days, "day")}.`;
  if (daysLeft === null)
    return `${wanted}. Nobody has annotated here in ${plural(days, "day")}, so there is no saying when it is done.`;
  return `${wanted}; at the pace of the last ${plural(days, "day")} it is done in ${spanOf(daysLeft)}.`;
}

function spanOf(days: number): string {
  if (days < 1) return "less than a day";
  return days < 100 ? plural(Math.round(days), "day") : `about ${count(Math.round(days / 30))} months`;
}

/** `45 s`, `3 min 20 s`; how long an annotation takes. */
export function paceOf(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const rest = Math.round(seconds % 60);
  return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}
