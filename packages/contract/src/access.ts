/** Roles of members, each including those before it. */
export const ROLES = ["viewer", "annotator", "reviewer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Keys that belong to no person. */
export const MACHINE_KEY_KINDS = ["secret", "publishable", "feedback_token"] as const;
export type MachineKeyKind = (typeof MACHINE_KEY_KINDS)[number];

/** Who may call a route: the least role of a user's key (null: none), and the machine keys that may. */
export interface Access {
  user: Role | null;
  machine: readonly MachineKeyKind[];
}

/** True when `role` includes `needed`. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
