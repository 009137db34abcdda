import type { CreateExperiment, ExperimentMetric } from "@agent-learning/contract";
import type { StoredAllocation } from "../../administration/serving/index.ts";
import { unprocessable } from "../../http/problem-error.ts";

const FLOOR = 0.05;
const UPDATE_HOURS = 24;
/** More often, and the periods would be many and small. */
const LEAST_HOURS = 6;

/**
 * How units are allocated to the arms.
 * @throws ProblemError unprocessable for a bandit that cannot be one, or a bandit's settings without one
 */
export function planAllocation(
  input: CreateExperiment,
  primary: ExperimentMetric,
  arms: number,
): StoredAllocation {
  const { policy = "fixed", floor, update_hours: hours } = input.allocation ?? {};
  if (policy === "fixed") {
    if (floor !== undefined || hours !== undefined) {
      throw unprocessable(
        `body.allocation.${floor === undefined ? "update_hours" : "floor"}`,
        "belongs to the policy bandit: leave it out, or choose that policy",
      );
    }
    return { policy, floor: null, update_hours: null, periods: [] };
  }
  if (arms < 3) {
    throw unprocessable(
      "body.allocation.policy",
      "must be fixed with two arms: top-two sampling keeps two arms at half each. Add a treatment, or leave it out",
    );
  }
  if (input.inference === "fixed_horizon") {
    throw unprocessable(
      "body.inference",
      "must be sequential with a bandit: its arms have no sizes that are fixed in advance",
    );
  }
  if (primary.kind === "quantile") {
    throw unprocessable(
      "body.primary_metric",
      "must be binary, a mean or a ratio with a bandit: it allocates by means",
    );
  }
  const least = floor ?? Math.min(FLOOR, 1 / (2 * arms));
  if (!(least > 0 && least <= 1 / arms)) {
    throw unprocessable(
      "body.allocation.floor",
      `must be above 0 and at most ${Math.floor(1000 / arms) / 1000}, an equal share of the ${arms} arms`,
    );
  }
  if (hours !== undefined && !(hours >= LEAST_HOURS && hours <= 720)) {
    throw unprocessable("body.allocation.update_hours", `must lie between ${LEAST_HOURS} and 720`);
  }
  return { policy, floor: least, update_hours: hours ?? UPDATE_HOURS, periods: [] };
}
