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

/** What a page on the server's own origin asks a token for; who rates is the browser. */
export interface CreateBrowserToken {
  agent_id: string;
  execution_id: string;
}

export const createBrowserToken: z.ZodType<CreateBrowserToken> = z.object({
  agent_id: agentReference,
  execution_id: externalId,
});

export interface FeedbackToken {
  token: string;
  expires_at: string;
}

export const feedbackToken: z.ZodType<FeedbackToken> = z.object({ token: z.string(), expires_at: timestamp });

/** What was wrong with an answer, as the organization calls it; active categories, in the order in which they are shown. */
export interface FeedbackCategories {
  categories: { slug: string; label: string }[];
}

export const feedbackCategories: z.ZodType<FeedbackCategories> = z.object({
  categories: z.array(z.object({ slug: z.string(), label: z.string() })),
});
