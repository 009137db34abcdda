import { createContext, useContext } from "react";
import type { Identity, Role } from "../api/types.ts";

export const SessionContext = createContext<Identity | undefined>(undefined);

const RANK: Record<Role, number> = { viewer: 0, annotator: 1, reviewer: 2, admin: 3 };

/** Who is signed in. Only below the shell. */
export function useSession(): Identity {
  const identity = useContext(SessionContext);
  if (identity === undefined) throw new Error("useSession is for pages inside the shell");
  return identity;
}

/** True when a role may do what `needed` may. */
export function includesRole(role: Role | null, needed: Role): boolean {
  return role !== null && RANK[role] >= RANK[needed];
}

/** True when the person's role includes `needed`; the server decides, this only hides what it would refuse. */
export function useMay(needed: Role): boolean {
  return includesRole(useSession().role, needed);
}
