import type { LearningStats } from "../../api/types.ts";
import { count, percent, plural } from "../../format/numbers.ts";

/** The state of the loop in a sentence or two. */
export function describeLoop(stats: LearningStats): string {
  const { performance, engagement } = stats;
  if (performance.errorRate.denominator === 0)
    return `No agent has reported an execution in the last ${stats.days} days.`;
  const satisfaction =
    performance.satisfaction.value === null
      ? "nobody voted"
      : `${percent(performance.satisfaction.value, 0)} of ${count(performance.satisfaction.denominator)} votes were satisfied`;
  const moving = [
    stats.runningTrainingJobs > 0
      ? plural(stats.runningTrainingJobs, "run is", "runs are") + " learning"
      : undefined,
    stats.activeExperiments > 0
      ? plural(stats.activeExperiments, "experiment is", "experiments are") + " running"
      : undefined,
    stats.activeRollouts > 0
      ? plural(stats.activeRollouts, "rollout is", "rollouts are") + " under way"
      : undefined,
  ].filter((part) => part !== undefined);
  const now =
    moving.length === 0 ? "Nothing is being tested or released now." : `${capitalise(moving.join(", "))}.`;
  return `In ${stats.days} days, ${satisfaction} over ${count(engagement.feedbackRate.denominator)} executions. ${now}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
