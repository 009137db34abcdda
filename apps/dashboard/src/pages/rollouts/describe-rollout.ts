import type { RolloutDetails } from "../../api/types.ts";
import { percent } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import { serverNow } from "../../session/server-clock.ts";

const HOUR = 3_600_000;

/** Milliseconds until the present stage may be left by its time; undefined for a stage without an end. */
export function stageRemaining(rollout: RolloutDetails): number | undefined {
  const stage = rollout.stages[rollout.stage];
  if (
    rollout.status !== "running" ||
    rollout.stageStartedAt === null ||
    stage === undefined ||
    stage.hours === 0
  )
    return undefined;
  return new Date(rollout.stageStartedAt).getTime() + stage.hours * HOUR - serverNow();
}

/** Where the rollout stands, in a sentence. */
export function describeRollout(rollout: RolloutDetails): string {
  const share = percent(rollout.share, 0);
  switch (rollout.status) {
    case "pending":
      return rollout.requirements.length === 0 ? "It is ready to start." : "It waits for a person’s review.";
    case "running": {
      const left = stageRemaining(rollout);
      const time =
        left === undefined
          ? ""
          : left > 0
            ? `, ${duration(left)} until the next stage at the earliest`
            : ", its time is over and the next look decides";
      return `${share} of users have the candidate${time}.`;
    }
    case "paused":
      return `Paused at ${share}: nothing moves it until it is resumed.`;
    case "completed":
      return "Everybody has the candidate; it is the version in service.";
    case "rolled_back":
      return "It undid itself: everybody is back on the baseline.";
    case "aborted":
      return "A person stopped it: everybody is back on the baseline.";
    default:
      return rollout.status;
  }
}
