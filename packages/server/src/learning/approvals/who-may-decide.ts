/** What decides who may approve a candidate. */
export interface Involved {
  /** Who started the run; null: nobody in particular. */
  launcher: string | null;
  /** People whose evidence is in the candidate. */
  contributors: ReadonlySet<string>;
  /** People who may review at all. */
  reviewers: readonly string[];
}

export type MayDecide =
  | { may: true; /** Allowed although they contributed: nobody else is there. */ contributed: boolean }
  | { may: false; why: string };

/**
 * Nobody decides on their own: neither who started the run nor whose evidence is in the candidate. Where every reviewer has a part in
 * it, those who contributed may decide all the same, if others contributed too; whoever started it never.
 */
export function whoMayDecide(userId: string | null, involved: Involved): MayDecide {
  const { launcher, contributors, reviewers } = involved;
  if (userId === null) return { may: false, why: "A person decides, with a key of their own." };
  if (!reviewers.includes(userId)) return { may: false, why: "Only reviewers decide." };
  if (userId === launcher)
    return {
      may: false,
      why: "A run is reviewed by somebody other than the person who started it. Ask another reviewer.",
    };
  if (!contributors.has(userId)) return { may: true, contributed: false };
  const isSomebodyFree = reviewers.some((one) => one !== launcher && !contributors.has(one));
  if (isSomebodyFree)
    return {
      may: false,
      why: "What you showed is part of this candidate's evidence. Ask a reviewer who contributed nothing to it.",
    };
  return contributors.size > 1
    ? { may: true, contributed: true }
    : {
        may: false,
        why: "All of this candidate's evidence is yours, and nobody approves their own. Add a second reviewer.",
      };
}
