/** The longest that a Retry-After is believed. */
export const MAXIMUM_RETRY_AFTER_MILLISECONDS: number = 600_000;

export interface BackoffOptions {
  baseMilliseconds: number;
  maximumMilliseconds: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = { baseMilliseconds: 500, maximumMilliseconds: 60_000 };

/**
 * How long to wait before the next attempt: base · 2^(failures − 1) up to the maximum, of which half is chance, so that
 * many agents do not come back in step. A Retry-After is waited out in full, and up to a tenth more.
 * @param failures attempts that failed in a row, from 1
 * @param random in [0, 1)
 */
export function backoffMilliseconds(
  failures: number,
  random: number,
  retryAfter?: number,
  { baseMilliseconds, maximumMilliseconds }: BackoffOptions = DEFAULT_BACKOFF,
): number {
  if (retryAfter !== undefined) return retryAfter * (1 + random / 10);
  const full = Math.min(maximumMilliseconds, baseMilliseconds * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + random / 2);
}

/**
 * Retry-After in milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3). Undefined when absent or unreadable;
 * never more than ten minutes, whatever the server says.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const milliseconds = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (!Number.isFinite(milliseconds)) return undefined;
  return Math.min(Math.max(milliseconds, 0), MAXIMUM_RETRY_AFTER_MILLISECONDS);
}
