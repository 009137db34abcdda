import { z } from "zod";
import { agentReference, uuid } from "./identifiers.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { optionalText } from "./text.ts";

export const TRUST_DETECTORS = ["burst", "contradiction", "cohort", "campaign"] as const;
export type TrustDetector = (typeof TRUST_DETECTORS)[number];

export const SUSPICION_STATUSES = ["open", "released", "confirmed"] as const;
export type SuspicionStatus = (typeof SUSPICION_STATUSES)[number];

/** Contributions of end users that a detector holds back until a reviewer decides. */
export interface ContributionSuspicion {
  id: string;
  agent_id: string;
  detector: TrustDetector;
  example_ids: string[];
  contributor_ids: string[];
  /** ln of the probability of seeing this much from honest people. */
  ln_p_value: number;
  /** What was found, for a person. */
  sentence: string;
  status: SuspicionStatus;
  decided_by: string | null;
  decided_at: string | null;
  notes: string | null;
  created_at: string;
}

export const contributionSuspicion: z.ZodType<ContributionSuspicion> = z.object({
  id: uuid,
  agent_id: uuid,
  detector: z.enum(TRUST_DETECTORS),
  example_ids: z.array(uuid),
  contributor_ids: z.array(uuid),
  ln_p_value: z.number(),
  sentence: z.string(),
  status: z.enum(SUSPICION_STATUSES),
  decided_by: uuid.nullable(),
  decided_at: timestamp.nullable(),
  notes: z.string().nullable(),
  created_at: timestamp,
});

export interface SuspicionQuery {
  agent_id: string;
  status?: SuspicionStatus | undefined;
  limit: number;
  cursor?: string | undefined;
}

export const suspicionQuery: z.ZodType<SuspicionQuery> = pageQuery.extend({
  agent_id: agentReference,
  status: z.enum(SUSPICION_STATUSES).optional(),
});

export interface ReviewContributions {
  agent_id: string;
}

export const reviewContributionsInput: z.ZodType<ReviewContributions> = z.object({
  agent_id: agentReference,
});

/** What one review of an agent's contributions found. */
export interface ContributionsReview {
  /** Corrections of end users that were looked at, and verified examples that they were held against. */
  contributions: number;
  trusted_examples: number;
  /** Share of contributions, 0 to 1, that contradict the verified examples. */
  contradiction_rate: number;
  /** Suspicions that are new. */
  suspicions: ContributionSuspicion[];
}

export const contributionsReview: z.ZodType<ContributionsReview> = z.object({
  contributions: z.number().int(),
  trusted_examples: z.number().int(),
  contradiction_rate: z.number(),
  suspicions: z.array(contributionSuspicion),
});

export interface DecideSuspicion {
  /** `released`: they are honest and may be learned from; `confirmed`: they are not, and never are. */
  decision: "released" | "confirmed";
  notes?: string | undefined;
}

export const decideSuspicion: z.ZodType<DecideSuspicion> = z.object({
  decision: z.enum(["released", "confirmed"]),
  notes: optionalText.optional(),
});

export interface DatasetInfluenceQuery {
  /** Contributors with the most items, at most. */
  contributors: number;
}

export const datasetInfluenceQuery: z.ZodType<DatasetInfluenceQuery> = z.object({
  contributors: z.coerce.number().int().min(1).max(10).default(5),
});

/** What leaving items out does to the held-out score. */
export interface InfluenceMeasure {
  items: number;
  /** Held-out items that were asked: of others than those left out. */
  asked: number;
  /** Share of them that is answered right with the items, and without. */
  score_with: number;
  score_without: number;
  /** What the items add; below 0 they take from it. */
  change: number;
  only_with: number;
  only_without: number;
  /** Exact McNemar, adjusted for the number of comparisons (Holm). */
  p_value: number;
}

/** What each of a dataset's largest contributors does to its held-out score. */
export interface DatasetInfluence {
  dataset_id: string;
  /**
   * Training items that were learned from (at most 2,000), and held-out items that were asked: of the first 300 those that another
   * person verified, where that is 30 or more, else all.
   */
  train_examples: number;
  held_out_examples: number;
  /** Different outputs; where they are nearly as many as items, no neighbour can be right and the scores say nothing. */
  outputs: number;
  /** Share of the held-out items that the built-in agent answers right, 0 to 1. */
  score: number;
  /** Most harmful first. */
  contributors: ({ user_id: string } & InfluenceMeasure)[];
  /** Those who seem harmful on one half of what is held out, left out together, judged on the other half; null: fewer than two. */
  cohort: ({ user_ids: string[] } & InfluenceMeasure) | null;
  /**
   * What the gate makes of it: `failed` holds back what was trained on the dataset, by `training.max_contributor_harm`;
   * `inconclusive` does not.
   */
  verdict: "passed" | "failed" | "inconclusive";
  sentence: string;
  warnings: string[];
}

const influenceMeasure = {
  items: z.number().int(),
  asked: z.number().int(),
  score_with: z.number(),
  score_without: z.number(),
  change: z.number(),
  only_with: z.number().int(),
  only_without: z.number().int(),
  p_value: z.number(),
};

export const datasetInfluence: z.ZodType<DatasetInfluence> = z.object({
  dataset_id: uuid,
  train_examples: z.number().int(),
  held_out_examples: z.number().int(),
  outputs: z.number().int(),
  score: z.number(),
  contributors: z.array(z.object({ user_id: uuid, ...influenceMeasure })),
  cohort: z.object({ user_ids: z.array(uuid), ...influenceMeasure }).nullable(),
  verdict: z.enum(["passed", "failed", "inconclusive"]),
  sentence: z.string(),
  warnings: z.array(z.string()),
});
