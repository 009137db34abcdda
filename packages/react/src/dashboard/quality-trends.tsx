import type { LearningStats, Rate } from "@agent-learning/contract";
import type { JSX } from "react";
import type { CamelCased } from "../client/case.ts";
import { Sparkline } from "./sparkline.tsx";

type Stats = CamelCased<LearningStats>;

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const stars = (value: number): string => `${value.toFixed(2)} of 5`;

interface Trend {
  label: string;
  rate: (stats: Stats) => Rate;
  /** What the rate is a mean of. */
  unit: string;
  field: "satisfaction" | "averageRating" | "taskCompletionRate" | "errorRate";
  format: (value: number) => string;
  range?: readonly [number, number];
}

const TRENDS: readonly Trend[] = [
  {
    label: "Satisfaction",
    rate: ({ performance }) => performance.satisfaction,
    unit: "votes",
    field: "satisfaction",
    format: percent,
    range: [0, 1],
  },
  {
    label: "Average rating",
    rate: ({ performance }) => performance.averageRating,
    unit: "ratings",
    field: "averageRating",
    format: stars,
    range: [1, 5],
  },
  {
    label: "Task completion",
    rate: ({ performance }) => performance.taskCompletionRate,
    unit: "executions",
    field: "taskCompletionRate",
    format: percent,
    range: [0, 1],
  },
  {
    label: "Error rate",
    rate: ({ performance }) => performance.errorRate,
    unit: "executions",
    field: "errorRate",
    format: percent,
  },
];

/** How good answers are over the days: each mean with what it is a mean of, and its series. */
export function QualityTrends({ stats }: { stats: Stats }): JSX.Element {
  return (
    <div className="als-trends">
      {TRENDS.map(({ label, rate, unit, field, format, range }) => {
        const { value, denominator } = rate(stats);
        return (
          <figure key={field} className="als-panel">
            <figcaption>
              {label} <span className="als-faint">last {stats.days} days</span>
            </figcaption>
            <p className="als-trend-value">
              {value === null ? "–" : format(value)}{" "}
              <span className="als-faint">{`n = ${denominator} ${unit}`}</span>
            </p>
            <Sparkline
              label={label}
              days={stats.series.map((day) => ({ day: day.day, value: day[field] }))}
              format={format}
              range={range}
            />
          </figure>
        );
      })}
    </div>
  );
}
