import type { SpotCheckOutcome, SpotCheckRate } from "@agent-learning/contract";
import { SPOT_CHECK_KINDS } from "@agent-learning/learning";
import { betaInterval } from "@agent-learning/statistics";
import type { AnsweredCheck } from "./store.ts";

/** What people said of one check. */
export function outcomeOf(check: AnsweredCheck): SpotCheckOutcome {
  const { learning_example_id: id, is_decided: isDecided, review_status: status } = check;
  if (id === null) return "unchanged";
  if (!isDecided) return status === "pending" || status === "in_review" ? "waiting" : "gone";
  if (status === "rejected") return "undecidable";
  if (check.preferred_output === null) return "tie";
  return check.preferred_output === check.candidate_output ? "better" : "worse";
}

const ANSWERS = new Set<SpotCheckOutcome>(["better", "worse", "tie", "unchanged"]);

function rateOf(kind: SpotCheckRate["kind"], outcomes: readonly SpotCheckOutcome[]): SpotCheckRate {
  const count = (wanted: SpotCheckOutcome): number => outcomes.filter((one) => one === wanted).length;
  const answered = outcomes.filter((outcome) => ANSWERS.has(outcome)).length;
  const worse = count("worse");
  // Jeffreys' interval: it covers as it should with few answers and none of them an error.
  const { lower, upper } = betaInterval(worse + 0.5, answered - worse + 0.5);
  return {
    kind,
    checks: outcomes.length,
    waiting: count("waiting"),
    better: count("better"),
    worse,
    ties: count("tie"),
    unchanged: count("unchanged"),
    left_out: count("undecidable") + count("gone"),
    error_rate: answered === 0 ? null : worse / answered,
    interval: answered === 0 ? null : [worse === 0 ? 0 : lower, worse === answered ? 1 : upper],
  };
}

/**
 * Error rates by what the checks were chosen for. An error is a query of which people say that the candidate's list helps less than the
 * one in service. Only the rate of the random ones holds for all queries; the others look where errors are likely.
 */
export function sumUpChecks(checks: readonly AnsweredCheck[]): SpotCheckRate[] {
  return SPOT_CHECK_KINDS.map((kind) => {
    const own = checks.filter((check) => check.kind === kind);
    return rateOf(kind, own.map(outcomeOf));
  }).filter(({ checks: count }) => count > 0);
}
