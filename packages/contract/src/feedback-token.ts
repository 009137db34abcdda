import { z } from "zod";
import { agentReference, externalId } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

/** Lets a browser give feedback on one execution as one rater, without a key of its own. */
export interface CreateFeedbackToken {
  agent_id: string;
  execution_id: string;
  user_id: string;
  /** Seconds until it expires, 60 to 86,400. */
  expires_in: number;
}

export const createFeedbackToken: z.ZodType<CreateFeedbackToken> = z.object({
  agent_id: agentReference,
  execution_id: externalId,
  user_id: externalId,
  expires_in: z.number().int().min(60).max(86_400).default(3_600),
});

export interface FeedbackToken {
  token: string;
  expires_at: string;
}

export const feedbackToken: z.ZodType<FeedbackToken> = z.object({ token: z.string(), expires_at: timestamp });
