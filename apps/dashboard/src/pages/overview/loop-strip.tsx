import { Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import type { LearningStats } from "../../api/types.ts";
import { Skeleton } from "../../components/skeleton.tsx";
import { compactCount, count, percent } from "../../format/numbers.ts";
import "./loop-strip.css";

interface Stage {
  name: string;
  to: string;
  search?: Record<string, string>;
  value: (stats: LearningStats) => ReactNode;
  unit: (stats: LearningStats) => string;
  detail: (stats: LearningStats) => string;
}

const STAGES: readonly Stage[] = [
  {
    name: "Collect",
    to: "/feedback",
    value: ({ engagement }) => compactCount(engagement.feedbackRate.numerator),
    unit: () => "pieces of feedback",
    detail: ({ engagement }) =>
      `${percent(engagement.feedbackRate.value)} of executions, ${count(engagement.correctionRate.numerator)} corrections`,
  },
  {
    name: "Curate",
    to: "/admin/learning/annotation",
    value: ({ pendingAnnotations }) => compactCount(pendingAnnotations),
    unit: ({ pendingAnnotations }) =>
      pendingAnnotations === 1 ? "annotation pending" : "annotations pending",
    detail: ({ annotationsToday, totalExamples }) =>
      `${count(annotationsToday)} done today, ${count(totalExamples)} examples`,
  },
  {
    name: "Learn",
    to: "/runs",
    value: ({ runningTrainingJobs }) => count(runningTrainingJobs),
    unit: ({ runningTrainingJobs }) => (runningTrainingJobs === 1 ? "run under way" : "runs under way"),
    detail: ({ learning }) => `${count(learning.trainingRunsCompleted)} completed`,
  },
  {
    name: "Evaluate",
    to: "/experiments",
    value: ({ activeExperiments }) => count(activeExperiments),
    unit: ({ activeExperiments }) => (activeExperiments === 1 ? "active experiment" : "active experiments"),
    detail: ({ engagement }) =>
      `${percent(engagement.experimentParticipation.value)} of executions took part`,
  },
  {
    name: "Deploy",
    to: "/rollouts",
    value: ({ activeRollouts }) => count(activeRollouts),
    unit: ({ activeRollouts }) => (activeRollouts === 1 ? "rollout under way" : "rollouts under way"),
    detail: ({ performance }) =>
      `${percent(performance.errorRate.value, 2)} of ${compactCount(performance.errorRate.denominator)} failed`,
  },
];

/** The five layers in their order, each with its number and the rows behind it. */
export function LoopStrip({ stats }: { stats: LearningStats | undefined }): JSX.Element {
  return (
    <ol className="loop-strip" aria-label="The loop">
      {STAGES.map(({ name, to, value, unit, detail }) => (
        <li key={name}>
          <Link to={to} className="loop-stage">
            <span className="loop-stage-name">{name}</span>
            {stats === undefined ? (
              <>
                <Skeleton width={64} height={36} />
                <Skeleton width="70%" height={18} />
                <Skeleton width="90%" height={18} />
              </>
            ) : (
              <>
                <span className="loop-stage-value">{value(stats)}</span>
                <span className="small soft">{unit(stats)}</span>
                <span className="small faint">{detail(stats)}</span>
              </>
            )}
          </Link>
        </li>
      ))}
    </ol>
  );
}
