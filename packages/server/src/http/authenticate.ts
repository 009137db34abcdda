import { type Access, roleIncludes } from "@agent-learning/contract";
import type { Identity, KeyIdentifier } from "../administration/api-keys/identify.ts";
import type { Actor } from "../context.ts";
import { ProblemError } from "./problem-error.ts";

const HOW = "Send `Authorization: Bearer KEY` with a key of this server.";

/** Checks tokens that are not stored keys (signed feedback tokens). Undefined: not one of its tokens. */
export type TokenVerifier = (token: string) => Promise<Identity | undefined>;

/** @throws ProblemError unauthenticated */
export async function authenticate(
  header: string | undefined,
  keys: KeyIdentifier,
  verifyToken: TokenVerifier,
): Promise<Identity> {
  if (header === undefined) throw new ProblemError("unauthenticated", `This route needs a key. ${HOW}`);
  const token = /^Bearer ([\x21-\x7e]{16,2000})$/i.exec(header)?.[1];
  if (token === undefined)
    throw new ProblemError("unauthenticated", `The Authorization header cannot be read. ${HOW}`);
  const identity = token.startsWith("als_ft_") ? await verifyToken(token) : await keys.identify(token);
  if (identity === undefined) {
    throw new ProblemError("unauthenticated", `The key is unknown, expired or revoked. ${HOW}`);
  }
  return identity;
}

/** @throws ProblemError forbidden when the actor's role or kind of key may not call a route with this access */
export function authorise(actor: Actor, access: Access): void {
  if (actor.kind === "user") {
    if (access.user !== null && roleIncludes(actor.role, access.user)) return;
    throw new ProblemError(
      "forbidden",
      access.user === null
        ? "This route takes machine keys only."
        : `This needs the role ${access.user} or above; your role is ${actor.role}. Ask an admin of your organization.`,
    );
  }
  if (actor.kind === "machine" && access.machine.includes(actor.keyKind)) return;
  throw new ProblemError(
    "forbidden",
    actor.kind === "machine" && access.machine.length === 0
      ? "This route needs a user's key: what it does must be traceable to a person."
      : "This kind of key may not call this route.",
  );
}
