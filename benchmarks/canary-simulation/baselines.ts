/** What the field does, on the same requests as the product: each is told of every request, and latches its rollback. */
export interface Baseline {
  readonly name: BaselineName;
  /** Requests of an arm and how many of them failed; returns whether it has rolled the candidate back. */
  observe(isCandidate: boolean, failures: number, requests: number): boolean;
}

export const BASELINES = ["repeated z-test", "failed checks", "running mean"] as const;
export type BaselineName = (typeof BASELINES)[number];

const Z_95 = 1.6448536269514722;
/** Requests of each arm before the first look, which the textbook asks for. */
const LEAST = 100;

/** One-sided z-test of two proportions at 5 %, at every request. */
function repeatedZTest(): Baseline {
  let [failed, requests, controlFailed, controlRequests] = [0, 0, 0, 0];
  let isRolledBack = false;
  return {
    name: "repeated z-test",
    observe(isCandidate, failures, of) {
      if (isCandidate) {
        failed += failures;
        requests += of;
      } else {
        controlFailed += failures;
        controlRequests += of;
      }
      if (isRolledBack || requests < LEAST || controlRequests < LEAST) return isRolledBack;
      const pooled = (failed + controlFailed) / (requests + controlRequests);
      const variance = pooled * (1 - pooled) * (1 / requests + 1 / controlRequests);
      const difference = failed / requests - controlFailed / controlRequests;
      isRolledBack = difference > 0 && difference * difference > Z_95 * Z_95 * variance;
      return isRolledBack;
    },
  };
}

/**
 * Flagger's rule: every interval the failure rate of that interval is checked against the limit, and the `threshold`-th failed check
 * rolls back. An interval has a hundred requests here; five failed checks are what its documentation suggests.
 */
function failedChecks(limit: number, interval = 100, threshold = 5): Baseline {
  let [failed, requests, failedCount] = [0, 0, 0];
  return {
    name: "failed checks",
    observe(isCandidate, failures, of) {
      if (!isCandidate) return failedCount >= threshold;
      failed += failures;
      requests += of;
      if (requests >= interval) {
        if (failed / requests > limit) failedCount++;
        failed = 0;
        requests = 0;
      }
      return failedCount >= threshold;
    },
  };
}

/** Rolls back as soon as the candidate's failure rate so far is over the limit. */
function runningMean(limit: number): Baseline {
  let [failed, requests] = [0, 0];
  let isRolledBack = false;
  return {
    name: "running mean",
    observe(isCandidate, failures, of) {
      if (isCandidate) {
        failed += failures;
        requests += of;
        isRolledBack ||= requests >= LEAST && failed > limit * requests;
      }
      return isRolledBack;
    },
  };
}

/** Fresh baselines of one run, in the order of `BASELINES`. */
export function startBaselines(limit: number): Baseline[] {
  return [repeatedZTest(), failedChecks(limit), runningMean(limit)];
}
