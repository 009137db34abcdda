import { z } from "zod";

/** Every `type` that an error can carry, with the HTTP status it goes with. Stable: clients switch on it. */
export const PROBLEM_STATUS = {
  "malformed-request": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  conflict: 409,
  "in-flight": 409,
  "precondition-failed": 412,
  "payload-too-large": 413,
  "unsupported-media-type": 415,
  unprocessable: 422,
  "precondition-required": 428,
  "rate-limited": 429,
  "internal-error": 500,
  unavailable: 503,
} as const;

export type ProblemType = keyof typeof PROBLEM_STATUS;

export interface FieldError {
  /** Where: `body.rating`, `query.limit`, `path.agentId`. */
  path: string;
  message: string;
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** What happened, why, and what to do. */
  detail: string;
  errors?: FieldError[] | undefined;
  /** The request, for the server's log. */
  instance?: string | undefined;
}

export const problem: z.ZodType<Problem> = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  instance: z.string().optional(),
});
