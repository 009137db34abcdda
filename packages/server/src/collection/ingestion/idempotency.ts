import { hashRequest, readIdempotencyKey } from "../../http/idempotency.ts";

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The Idempotency-Key of a call, and what has to be equal for a call to be the same. */
export interface Once {
  key: string;
  hash: Buffer;
}

/** @throws ProblemError malformed-request when the header is there but unusable */
export function readOnce(headers: Headers, operation: string, input: unknown): Once | undefined {
  const key = readIdempotencyKey(headers["idempotency-key"]);
  return key === undefined ? undefined : { key, hash: hashRequest(operation, undefined, undefined, input) };
}
