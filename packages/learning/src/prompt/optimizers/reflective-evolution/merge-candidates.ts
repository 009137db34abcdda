import type { Candidate } from "../../candidate.ts";

/**
 * The components of both: each text that only one of them changed since their common ancestor is taken from that one. Undefined
 * when there is nothing to join: one component only, both changed the same one differently, or one of them changed nothing.
 */
export function mergeCandidates(
  ancestor: Candidate,
  one: Candidate,
  other: Candidate,
): Candidate | undefined {
  const names = Object.keys(ancestor.components);
  if (names.length < 2) return undefined;
  const components = { ...one.components };
  let fromOne = 0;
  let fromOther = 0;
  for (const name of names) {
    const [base, mine, theirs] = [ancestor.components[name], one.components[name], other.components[name]];
    if (mine === theirs) continue;
    if (theirs === base) fromOne += 1;
    else if (mine === base) {
      if (theirs !== undefined) components[name] = theirs;
      fromOther += 1;
    } else return undefined;
  }
  return fromOne > 0 && fromOther > 0 ? { ...one, components } : undefined;
}
