import { z } from "zod";
import { MACHINE_KEY_KINDS, type MachineKeyKind, type Role, ROLES } from "./access.ts";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

/** Whose key it is that was sent, and what time the server has. */
export interface Identity {
  kind: "user" | MachineKeyKind;
  /** The member behind the key; null for a machine's. */
  user_id: string | null;
  display_name: string | null;
  /** Null for a machine's key. */
  role: Role | null;
  organization: { id: string; name: string; slug: string };
  /** The time that decides leases, stages and schedules; a demo's may run ahead of the wall clock. */
  now: string;
}

export const identity: z.ZodType<Identity> = z.object({
  kind: z.enum(["user", ...MACHINE_KEY_KINDS]),
  user_id: uuid.nullable(),
  display_name: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  organization: z.object({ id: uuid, name: z.string(), slug: z.string() }),
  now: timestamp,
});
