import type { Role } from "@agent-learning/contract";
import { sql } from "kysely";
import type { Actor } from "../../context.ts";
import { type DatabaseConnection, withSystem } from "../../database/index.ts";
import { hashKey } from "./key-format.ts";

export interface Identity {
  organizationId: string;
  actor: Actor;
}

interface KeyRow {
  organization_id: string;
  id: string;
  kind: "user" | "secret" | "publishable";
  user_id: string | null;
  role: Role | null;
}

const CACHE_MILLISECONDS = 10_000;
const CACHE_SIZE = 10_000;

async function lookUp(database: DatabaseConnection, key: string): Promise<Identity | undefined> {
  const row = await withSystem(database.kysely, async (tx) => {
    const found = await sql<KeyRow>`
      SELECT k.organization_id, k.id, k.kind, k.user_id, m.role
      FROM api_keys k
      LEFT JOIN memberships m ON m.organization_id = k.organization_id AND m.user_id = k.user_id AND m.revoked_at IS NULL
      WHERE k.key_hash = ${hashKey(key)} AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > learning_now())`.execute(
      tx,
    );
    const known = found.rows[0];
    if (known !== undefined) {
      await sql`UPDATE api_keys SET last_used_at = learning_now() WHERE organization_id = ${known.organization_id} AND id = ${known.id}
        AND (last_used_at IS NULL OR last_used_at < learning_now() - INTERVAL '1 minute')`.execute(tx);
    }
    return known;
  });
  if (row === undefined) return undefined;
  if (row.kind !== "user") {
    return {
      organizationId: row.organization_id,
      actor: { kind: "machine", keyKind: row.kind, keyId: row.id },
    };
  }
  if (row.user_id === null || row.role === null) return undefined;
  return {
    organizationId: row.organization_id,
    actor: { kind: "user", userId: row.user_id, role: row.role, keyId: row.id },
  };
}

/** Finds who a key belongs to. Known keys are remembered for ten seconds, so a revocation reaches other nodes within that. */
export interface KeyIdentifier {
  identify(key: string): Promise<Identity | undefined>;
  /** Forgets everything: after a key or a membership changed in this process. */
  forget(): void;
}

export function createKeyIdentifier(
  database: DatabaseConnection,
  now: () => number = Date.now,
): KeyIdentifier {
  const cache = new Map<string, { identity: Identity; until: number }>();
  let forgotten = 0;
  return {
    identify: async (key) => {
      const cached = cache.get(key);
      if (cached !== undefined && cached.until > now()) return cached.identity;
      const before = forgotten;
      const identity = await lookUp(database, key);
      cache.delete(key);
      if (identity === undefined) return undefined;
      // What was read before a revocation is good for this request only.
      if (before !== forgotten) return identity;
      cache.set(key, { identity, until: now() + CACHE_MILLISECONDS });
      if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? key);
      return identity;
    },
    forget: () => {
      forgotten += 1;
      cache.clear();
    },
  };
}
