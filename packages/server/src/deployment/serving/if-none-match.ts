/**
 * The revisions in If-None-Match. Tags that are not ours match nothing, and so does the whole header when it is none: the
 * caller then gets the full answer, which is always right.
 */
export function readIfNoneMatch(header: string | string[] | undefined): number[] {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return text
    .split(",")
    .slice(0, 20)
    .flatMap((tag) => {
      const match = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(tag);
      return match === null ? [] : [Number(match[1])];
    });
}
