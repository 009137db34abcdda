import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { isUuid } from "@agent-learning/contract";

/** What a feedback token is good for. */
export interface TokenClaims {
  organizationId: string;
  agentId: string;
  executionId: string;
  raterId: string;
  /** Milliseconds since 1970, by learning_now(). */
  expiresAt: number;
  /** The token's own id. */
  id: string;
}

const PREFIX = "als_ft_";
// Names what is signed and how, so that no signature made for anything else passes.
const CONTEXT = "agent-learning feedback token 1\n";

const uuid = z.string().refine(isUuid);
const claims = z.tuple([uuid, uuid, z.string(), z.string(), z.number().int(), uuid]);

function sign(payload: string, secret: Buffer): Buffer {
  return createHmac("sha256", secret)
    .update(CONTEXT + payload)
    .digest();
}

/** `als_ft_<claims>.<HMAC-SHA-256>`, both base64url. Readable by its holder, who cannot change it. */
export function writeToken(token: TokenClaims, secret: Buffer): string {
  const fields = [
    token.organizationId,
    token.agentId,
    token.executionId,
    token.raterId,
    token.expiresAt,
    token.id,
  ];
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  return `${PREFIX}${payload}.${sign(payload, secret).toString("base64url")}`;
}

/** What a token says, before its signature is checked: only good for finding the secret to check it with. */
export function readClaims(token: string): TokenClaims | undefined {
  const payload = /^als_ft_([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{43}$/.exec(token)?.[1];
  if (payload === undefined) return undefined;
  try {
    const fields = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    const [organizationId, agentId, executionId, raterId, expiresAt, id] = fields;
    return { organizationId, agentId, executionId, raterId, expiresAt, id };
  } catch {
    return undefined;
  }
}

/** True when the token was signed with this secret. */
export function isSignedWith(token: string, secret: Buffer): boolean {
  const [payload = "", signature = ""] = token.slice(PREFIX.length).split(".");
  const given = Buffer.from(signature, "base64url");
  const expected = sign(payload, secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
