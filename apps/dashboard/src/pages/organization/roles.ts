import type { Role } from "../../api/types.ts";

/** What each role may do, the least first. */
export const ROLES: Record<Role, string> = {
  viewer: "looks at everything",
  annotator: "annotates and votes",
  reviewer: "approves, launches, releases",
  admin: "keys, members, policies",
};
