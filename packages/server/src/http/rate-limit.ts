/** A decision and the values of the RateLimit headers. */
export interface RateDecision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until one more request is allowed. */
  resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MAXIMUM_BUCKETS = 10_000;

/**
 * A token bucket for each key in this process: `perSecond` requests, bursts of twice that.
 * Fails open across processes: each node counts its own share.
 */
export function createRateLimiter(
  perSecond: number,
  now: () => number = performance.now.bind(performance),
): (key: string) => RateDecision {
  const capacity = perSecond * 2;
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const time = now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at: time };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((time - bucket.at) / 1000) * perSecond);
    bucket.at = time;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > MAXIMUM_BUCKETS) buckets.delete(buckets.keys().next().value ?? key);
    const resetSeconds = bucket.tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    return { allowed, limit: capacity, remaining: Math.floor(bucket.tokens), resetSeconds };
  };
}
