import type { JSX } from "react";
import "./step-chart.css";

export interface StepSeries {
  name: string;
  /** Token of the colour: `--chart-1`. */
  color: `--${string}`;
  points: readonly { step: number; value: number }[];
}

interface StepChartProps {
  /** What the picture says, in a sentence. */
  label: string;
  series: readonly StepSeries[];
  format: (value: number) => string;
}

const WIDTH = 1_000;
const HEIGHT = 220;

/** Values over the steps of a run; the ends of both axes are named. */
export function StepChart({ label, series, format }: StepChartProps): JSX.Element {
  const all = series.flatMap(({ points }) => points);
  const [first, last] = [Math.min(...all.map(({ step }) => step)), Math.max(...all.map(({ step }) => step))];
  const [low, high] = [
    Math.min(...all.map(({ value }) => value)),
    Math.max(...all.map(({ value }) => value)),
  ];
  const x = (step: number): number =>
    last === first ? WIDTH / 2 : ((step - first) / (last - first)) * WIDTH;
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : HEIGHT - 8 - ((value - low) / (high - low)) * (HEIGHT - 16);
  return (
    <figure className="step-chart">
      <div className="step-chart-body">
        <div className="step-chart-values small faint" aria-hidden="true">
          <span>{format(high)}</span>
          <span>{format(low)}</span>
        </div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {[0.25, 0.5, 0.75].map((at) => (
            <line key={at} x1={0} x2={WIDTH} y1={HEIGHT * at} y2={HEIGHT * at} className="step-chart-grid" />
          ))}
          {series.map(({ name, color, points }) => (
            <polyline
              key={name}
              points={points
                .map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`)
                .join(" ")}
              style={{ stroke: `var(${color})` }}
            />
          ))}
        </svg>
      </div>
      <div className="step-chart-steps small faint" aria-hidden="true">
        <span>step {first.toLocaleString("en")}</span>
        <span>step {last.toLocaleString("en")}</span>
      </div>
      <figcaption className="step-chart-legend small soft">
        {series.map(({ name, color }) => (
          <span key={name}>
            <i style={{ color: `var(${color})` }} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
