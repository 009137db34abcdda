export interface ContributorCaps {
  /** Items of one end user at most. */
  maximumItems: number;
  /** Share of the whole at most, 0 to 1; small datasets are held to the number only. */
  maximumShare: number;
}

/** One person may not make an agent's opinion. */
export const DEFAULT_CAPS: ContributorCaps = { maximumItems: 25, maximumShare: 0.02 };

/** Items from which on a dataset is not small: where the default share is as much as the default number. */
const SMALL = 1_250;

/** Items that one end user may have in a dataset of this size. Experts are not capped. */
export function contributorCap(size: number, caps: ContributorCaps = DEFAULT_CAPS): number {
  if (size < SMALL) return caps.maximumItems;
  return Math.min(caps.maximumItems, Math.floor(caps.maximumShare * size));
}
