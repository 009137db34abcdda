import { withSystem } from "../../../database/index.ts";
import type { TokenVerifier } from "../../../http/authenticate.ts";
import type { Services } from "../../../services.ts";
import { readSecret } from "./store.ts";
import { isSignedWith, readClaims } from "./token-format.ts";

const CACHE_MILLISECONDS = 10_000;
const CACHE_SIZE = 10_000;

interface Known {
  secret: Buffer | undefined;
  /** The database's time when it was asked, and this process's monotonic time then. */
  databaseTime: number;
  asked: number;
}

/**
 * Recognises feedback tokens. Secrets, and the distance to the database's clock, are remembered for ten seconds.
 * @returns for a token that is forged, expired or of an unknown organization: undefined
 */
export function verifyFeedbackToken(
  services: Pick<Services, "database">,
  now: () => number = performance.now.bind(performance),
): TokenVerifier {
  const cache = new Map<string, Known>();

  async function find(organizationId: string): Promise<Known> {
    const cached = cache.get(organizationId);
    if (cached !== undefined && now() - cached.asked < CACHE_MILLISECONDS) return cached;
    const asked = now();
    const read = await withSystem(services.database.kysely, (tx) => readSecret(tx, organizationId));
    const known = { secret: read.secret, databaseTime: read.now.getTime(), asked };
    cache.delete(organizationId);
    cache.set(organizationId, known);
    if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
    return known;
  }

  return async (token) => {
    const claims = readClaims(token);
    if (claims === undefined) return undefined;
    const { secret, databaseTime, asked } = await find(claims.organizationId);
    if (secret === undefined || !isSignedWith(token, secret)) return undefined;
    if (claims.expiresAt <= databaseTime + (now() - asked)) return undefined;
    return {
      organizationId: claims.organizationId,
      actor: {
        kind: "machine",
        keyKind: "feedback_token",
        keyId: claims.id,
        agentId: claims.agentId,
        executionId: claims.executionId,
        raterId: claims.raterId,
      },
    };
  };
}
