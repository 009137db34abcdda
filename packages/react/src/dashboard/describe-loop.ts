import type { LearningStats } from "@agent-learning/contract";
import type { CamelCased } from "../client/case.ts";

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** The state of the loop in one sentence: what waits for a person first. */
export function describeLoop(stats: CamelCased<LearningStats>): string {
  const { pendingAnnotations, annotationsToday, activeExperiments, activeRollouts, runningTrainingJobs } =
    stats;
  if (stats.totalExamples === 0)
    return "Nothing to learn from yet: examples appear as your agents get feedback.";
  const waiting =
    pendingAnnotations === 0
      ? "Nothing waits for annotation"
      : `${count(pendingAnnotations, "annotation")} ${pendingAnnotations === 1 ? "waits" : "wait"} for you, ${annotationsToday} done today`;
  const running = [
    runningTrainingJobs > 0 && count(runningTrainingJobs, "training job"),
    activeExperiments > 0 && count(activeExperiments, "experiment"),
    activeRollouts > 0 && count(activeRollouts, "rollout"),
  ].filter((part) => part !== false);
  return `${waiting}; ${running.length === 0 ? "nothing is running" : `running: ${running.join(", ")}`}.`;
}
