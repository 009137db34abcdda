"use client";
import type { LearningStats } from "@agent-learning/contract";
import type { ComponentType, JSX, ReactNode } from "react";
import type { CamelCased } from "../client/case.ts";
import { useExperiments, useLearningStats, useTrainingRuns } from "../query/hooks/reads.ts";
import { describeLoop } from "./describe-loop.ts";
import { QualityTrends } from "./quality-trends.tsx";

/** Where the rows behind a number are. A number without an address is plain text. */
export interface DashboardLinks {
  annotations?: string | undefined;
  examples?: string | undefined;
  experiments?: string | undefined;
  trainingRuns?: string | undefined;
  rollouts?: string | undefined;
}

export interface LearningDashboardProps {
  /** One agent, with its experiments and runs by name; all of them without. */
  agentId?: string | undefined;
  /** Days that trends look back on. */
  days?: number | undefined;
  links?: DashboardLinks | undefined;
  /** Your router's link; `<a>` without. */
  link?: ComponentType<{ href: string; children: ReactNode }> | undefined;
  /** Milliseconds between looks. */
  refetchInterval?: number | undefined;
}

function PlainLink({ href, children }: { href: string; children: ReactNode }): JSX.Element {
  return <a href={href}>{children}</a>;
}

interface FigureProps {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  href: string | undefined;
  link: ComponentType<{ href: string; children: ReactNode }>;
}

function Figure({ label, value, note, href, link: Link }: FigureProps): JSX.Element {
  return (
    <div className="als-panel als-figure">
      <dt>{label}</dt>
      <dd>{href === undefined ? value : <Link href={href}>{value}</Link>}</dd>
      {note !== undefined && <dd className="als-faint">{note}</dd>}
    </div>
  );
}

/** Annotations done today beside the mean of the days before. */
function progressNote({ series, annotationsToday }: CamelCased<LearningStats>): string {
  const before = series.slice(0, -1).map(({ annotations }) => annotations);
  if (before.length === 0) return "";
  const mean = before.reduce((sum, each) => sum + each, 0) / before.length;
  const direction = annotationsToday === mean ? "" : annotationsToday > mean ? "▲ " : "▼ ";
  return `${direction}${mean.toFixed(1)} a day on average`;
}

/** Pending annotations, today's progress, experiments, running jobs and quality trends at a glance. */
export function LearningDashboard({
  agentId,
  days = 30,
  links = {},
  link = PlainLink,
  refetchInterval = 15_000,
}: LearningDashboardProps): JSX.Element {
  const { data: stats, error } = useLearningStats({ agentId, days }, { refetchInterval });
  if (stats === undefined) {
    return (
      <section className="als-admin als-dashboard" aria-label="Learning" aria-busy={error === null}>
        {error === null ? <div className="als-skeleton" /> : <p role="alert">{error.message}</p>}
      </section>
    );
  }
  return (
    <section className="als-admin als-dashboard" aria-label="Learning">
      <p className="als-lead">{describeLoop(stats)}</p>
      {error !== null && (
        <p role="alert" className="als-alert">
          These numbers are old: {error.message}
        </p>
      )}
      <dl className="als-figures">
        <Figure
          label="Pending annotations"
          value={stats.pendingAnnotations}
          note={`${stats.totalExamples} examples in all`}
          href={links.annotations}
          link={link}
        />
        <Figure
          label="Annotated today"
          value={stats.annotationsToday}
          note={progressNote(stats)}
          href={links.examples}
          link={link}
        />
        <Figure
          label="Active experiments"
          value={stats.activeExperiments}
          href={links.experiments}
          link={link}
        />
        <Figure
          label="Running training jobs"
          value={stats.runningTrainingJobs}
          href={links.trainingRuns}
          link={link}
        />
        <Figure label="Active rollouts" value={stats.activeRollouts} href={links.rollouts} link={link} />
      </dl>
      <QualityTrends stats={stats} />
      {agentId !== undefined && <ActiveWork agentId={agentId} refetchInterval={refetchInterval} />}
    </section>
  );
}

/** An agent's running experiments and jobs by name. */
function ActiveWork({
  agentId,
  refetchInterval,
}: {
  agentId: string;
  refetchInterval: number;
}): JSX.Element | null {
  const { data: experiments = [] } = useExperiments(agentId, { status: "running" }, { refetchInterval });
  const { data: runs = [] } = useTrainingRuns(agentId, { status: "running" }, { refetchInterval });
  if (experiments.length + runs.length === 0) return null;
  return (
    <ul className="als-work">
      {experiments.map(({ id, name, currentControlSamples, currentTreatmentSamples, minSampleSize }) => (
        <li key={id} className="als-panel">
          <strong>{name}</strong>
          <span className="als-faint">
            {Math.min(currentControlSamples, currentTreatmentSamples)} of {minSampleSize} per arm
          </span>
        </li>
      ))}
      {runs.map(({ id, name, progressPercentage }) => (
        <li key={id} className="als-panel">
          <strong>{name}</strong>
          <progress max={100} value={progressPercentage} aria-label={`Progress of ${name}`} />
          <span className="als-faint">{progressPercentage} %</span>
        </li>
      ))}
    </ul>
  );
}
