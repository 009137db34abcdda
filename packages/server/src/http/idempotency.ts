import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { TenantContext } from "../context.ts";
import { json } from "../database/index.ts";
import { ProblemError } from "./problem-error.ts";
import type { Answer } from "./route.ts";

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws ProblemError malformed-request when the header is there but unusable */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === "string" && KEY.test(header)) return header;
  throw new ProblemError(
    "malformed-request",
    "Idempotency-Key must be one value of 1 to 255 printable ASCII characters.",
    {
      errors: [{ path: "header.idempotency-key", message: "must be 1 to 255 printable ASCII characters" }],
    },
  );
}

/** What must be equal for two calls to be the same call. */
export function hashRequest(operation: string, params: unknown, query: unknown, body: unknown): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([operation, params ?? null, query ?? null, body ?? null]))
    .digest();
}

/** 409: the same call has not been answered yet. */
export function keyInFlight(): ProblemError {
  return new ProblemError(
    "in-flight",
    "A request with this Idempotency-Key is still being worked on. Wait, then send it again.",
    { retryAfterSeconds: 1 },
  );
}

/** 422: the key belongs to another call. */
export function keyReused(): ProblemError {
  return new ProblemError(
    "unprocessable",
    "This Idempotency-Key was used for another request. Use a new key for a new request.",
    { errors: [{ path: "header.idempotency-key", message: "was used for another request" }] },
  );
}

/** Marks an answer as the first one given again. */
export const REPLAYED: Readonly<Record<string, string>> = { "idempotent-replayed": "true" };

/**
 * Runs `work` once for each key, in the caller's transaction: the answer is stored with the effect, so that a retry gets
 * the first answer. Another payload under the same key is 422; the same call still running is 409.
 */
export async function onceForKey(
  ctx: TenantContext,
  key: string,
  operation: string,
  requestHash: Buffer,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const lock = await sql<{ taken: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${ctx.organizationId}:${key}`}, 0)) AS taken`.execute(
    ctx.tx,
  );
  if (lock.rows[0]?.taken !== true) throw keyInFlight();
  const known = await ctx.tx
    .selectFrom("idempotency_keys")
    .select(["operation", "request_hash", "response_status", "response_body", "response_headers"])
    .where("organization_id", "=", ctx.organizationId)
    .where("key", "=", key)
    .executeTakeFirst();
  if (known !== undefined) {
    if (Buffer.compare(Buffer.from(known.request_hash), requestHash) !== 0) throw keyReused();
    return {
      status: known.response_status,
      body: known.response_body,
      headers: { ...(known.response_headers as Record<string, string> | null), ...REPLAYED },
    };
  }
  const answer = await work();
  await ctx.tx
    .insertInto("idempotency_keys")
    .values({
      organization_id: ctx.organizationId,
      key,
      operation,
      request_hash: requestHash,
      response_status: answer.status,
      response_body: answer.body === undefined ? null : json(answer.body),
      response_headers: answer.headers === undefined ? null : json(answer.headers),
    })
    .execute();
  return answer;
}
