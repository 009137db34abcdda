import { createHash } from "node:crypto";

/**
 * The id of a retrieval whose caller gave none: the same for the same agent, execution and query, so that a repeated call
 * meets its own row. A UUIDv8 (RFC 9562) over SHA-256.
 */
export function retrievalId(agentId: string, executionId: string, query: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([agentId, executionId, query]))
    .digest()
    .subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
