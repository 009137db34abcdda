import { z } from "zod";

export const uuid: z.ZodGUID = z.guid().meta({ description: "UUID" });

/** Lower-case name of an agent in URLs and code. */
export const slug: z.ZodString = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/, "use lower-case letters and digits, joined by - _ or .");

/** An agent's UUID or its slug: the API takes either. */
export const agentReference: z.ZodString = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/, "use the agent's UUID or its slug")
  .meta({ description: "The agent's UUID or its slug" });

/** An id that the caller's system made: an execution, a user, a session, an assignment unit. */
export const externalId: z.ZodString = z.string().min(1).max(200);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True when `value` is written like a UUID. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}
