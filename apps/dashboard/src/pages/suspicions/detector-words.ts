import type { ContributionSuspicion } from "../../api/types.ts";

/** What each detector finds. */
export const DETECTOR_WORDS: Record<ContributionSuspicion["detector"], string> = {
  burst: "A flood",
  contradiction: "Contradicts verified examples",
  cohort: "People who act in concert",
  campaign: "The same correction, again and again",
};
