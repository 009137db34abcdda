import type { CaseSource } from "./find-source.ts";

const LONGEST = 100;

/** The names under which floors find a case: its own slice, those given, and what its example says of it. */
export function slicesOf(
  slice: string,
  given: readonly string[],
  { labels, intent }: Pick<CaseSource, "labels" | "intent">,
): string[] {
  const named = [
    slice,
    ...given,
    ...(labels.domain === null ? [] : [`domain:${labels.domain}`]),
    ...(labels.task_type === null ? [] : [`task_type:${labels.task_type}`]),
    ...labels.tags.map((tag) => `tag:${tag}`),
    ...(intent === null ? [] : [`intent:${intent}`]),
  ];
  return [...new Set(named.map((name) => name.slice(0, LONGEST)))];
}
