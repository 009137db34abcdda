/** What one end user says that the answer to an input should be. */
export interface Contribution {
  id: string;
  contributorId: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** When the contributor was first seen, milliseconds since the epoch. */
  firstSeenAt: number;
  input: string;
  output: string;
}

export const DETECTORS = ["burst", "contradiction", "cohort", "campaign"] as const;
export type Detector = (typeof DETECTORS)[number];

/** Contributions that one detector holds back, with what speaks against them. */
export interface Suspicion {
  detector: Detector;
  contributionIds: string[];
  contributorIds: string[];
  /** ln of the probability of seeing this much from honest people, before correction for how many were looked at. */
  lnPValue: number;
  /** What a reviewer reads. */
  sentence: string;
}
