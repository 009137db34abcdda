import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

export type StoredKeyKind = "user" | "secret" | "publishable";

const PREFIX: Record<StoredKeyKind, string> = { user: "als_uk_", secret: "als_sk_", publishable: "als_pk_" };
const KEY = /^als_(?:uk|sk|pk)_([A-Za-z0-9_-]{43})([0-9a-f]{8})$/;

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, "0");
}

/** A new key: 32 random bytes and a checksum, so that a mistyped or cut key is told from an unknown one, and scanners find it. */
export function generateKey(kind: StoredKeyKind): string {
  const body = randomBytes(32).toString("base64url");
  return `${PREFIX[kind]}${body}${checksum(body)}`;
}

/** True when the key is written as generateKey writes them. */
export function isWellFormedKey(key: string): boolean {
  const match = KEY.exec(key);
  return match?.[1] !== undefined && checksum(match[1]) === match[2];
}

/** What is stored instead of the key: SHA-256. A key has 256 bits of entropy, so that no salt or stretching is needed. */
export function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** The part that lists show, so that a person recognises a key. */
export function displayPrefix(key: string): string {
  return key.slice(0, 12);
}
