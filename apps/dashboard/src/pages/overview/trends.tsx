import type { JSX } from "react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { LearningStats } from "../../api/types.ts";
import { TimeChart } from "../../components/chart/time-chart.tsx";
import { Card } from "../../components/card.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { count, milliseconds, NOTHING, percent } from "../../format/numbers.ts";
import "./trends.css";

type Rate = LearningStats["performance"]["satisfaction"];

const percentAxis = (value: number): string => `${Math.round(value * 100)} %`;

function Head({
  label,
  value,
  rate,
  unit,
  rows,
}: {
  label: string;
  value: string;
  rate: Rate | undefined;
  unit: string;
  /** Where the rows behind the number are. */
  rows: LinkProps;
}): JSX.Element {
  return (
    <p className="trend-head">
      <span className="soft">{label}</span>
      {rate === undefined ? (
        <span className="trend-value">
          <Skeleton width={64} height={24} />
        </span>
      ) : (
        <Link {...rows} className="trend-value" aria-label={`${label}: ${value}`}>
          {value}
        </Link>
      )}
      <span className="small faint">
        {rate === undefined ? " " : `n = ${count(rate.denominator)} ${unit}`}
      </span>
    </p>
  );
}

/** Quality day by day: what users said, what failed, how fast, how much came in. */
export function Trends({ stats }: { stats: LearningStats | undefined }): JSX.Element {
  const times = stats?.series.map(({ day }) => new Date(`${day}T00:00:00Z`).getTime()) ?? [];
  const series = stats?.series ?? [];
  const { satisfaction, errorRate, latencyMs } = stats?.performance ?? {};
  return (
    <Card
      title="Quality over time"
      aside={
        <Link to="/executions" className="small">
          All executions
        </Link>
      }
    >
      <div className="trends">
        <div>
          <Head
            label="Satisfaction"
            value={percent(satisfaction?.value)}
            rate={satisfaction}
            unit="votes"
            rows={{ to: "/feedback" }}
          />
          <TimeChart
            label={`Satisfaction a day: ${percent(satisfaction?.value)} over the period`}
            times={times}
            series={[
              {
                name: "Votes that were satisfied",
                color: "--chart-1",
                values: series.map((day) => day.satisfaction),
              },
            ]}
            format={percentAxis}
            range={[0, 1]}
            height={160}
          />
        </div>
        <div>
          <Head
            label="Error rate"
            value={percent(errorRate?.value, 2)}
            rate={errorRate}
            unit="executions"
            rows={{ to: "/executions", search: { status: "failed" } }}
          />
          <TimeChart
            label={`Error rate a day: ${percent(errorRate?.value, 2)} over the period; rollouts are undone above 5 %`}
            times={times}
            series={[
              {
                name: "Executions that failed",
                color: "--chart-3",
                values: series.map((day) => day.errorRate),
              },
            ]}
            format={percentAxis}
            range={[0, 0.06]}
            height={160}
          />
        </div>
        <div>
          <Head
            label="Mean latency"
            value={latencyMs?.value === null ? NOTHING : milliseconds(latencyMs?.value)}
            rate={latencyMs}
            unit="executions"
            rows={{ to: "/executions" }}
          />
          <TimeChart
            label={`Mean latency a day: ${milliseconds(latencyMs?.value)} over the period`}
            times={times}
            series={[
              {
                name: "Mean time of an answer",
                color: "--chart-2",
                values: series.map((day) => day.latencyMs),
              },
            ]}
            format={(value) => milliseconds(value)}
            range={[0, 1]}
            height={160}
          />
        </div>
        <div>
          <Head
            label="Feedback"
            value={count(stats?.engagement.feedbackRate.numerator ?? 0)}
            rate={stats?.engagement.feedbackRate}
            unit="executions"
            rows={{ to: "/feedback" }}
          />
          <TimeChart
            label="Feedback and corrections a day"
            times={times}
            series={[
              { name: "Feedback", color: "--chart-1", values: series.map((day) => day.feedback) },
              {
                name: "Corrections",
                color: "--chart-2",
                values: series.map((day) => day.corrections),
                dashed: true,
              },
            ]}
            format={(value) => (Number.isInteger(value) ? count(value) : value.toFixed(1))}
            range={[0, 1]}
            height={160}
          />
        </div>
      </div>
    </Card>
  );
}
