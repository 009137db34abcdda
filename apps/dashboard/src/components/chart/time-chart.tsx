import { type JSX, lazy, Suspense } from "react";
import { Skeleton } from "../skeleton.tsx";
import type { TimeChartProps } from "./time-chart-props.ts";
import "./time-chart.css";

const Canvas = lazy(() => import("./canvas.tsx"));

/** A chart over time with its legend; the picture has its sentence for those who do not see it. */
export function TimeChart(props: TimeChartProps): JSX.Element {
  const { label, series, height = 220 } = props;
  return (
    <figure className="time-chart">
      <div role="img" aria-label={label} style={{ height }}>
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas {...props} height={height} />
        </Suspense>
      </div>
      <figcaption className="time-chart-legend">
        {series.map(({ name, color, dashed }) => (
          <span key={name}>
            <i
              className={dashed === true ? "swatch swatch-dashed" : "swatch"}
              style={{ color: `var(${color})` }}
            />
            {name}
          </span>
        ))}
        {props.band === undefined ? null : (
          <span>
            <i className="swatch swatch-band" />
            {props.band.name}
          </span>
        )}
        {(props.marks ?? []).length === 0 ? null : (
          <span>
            <i className="swatch swatch-mark" />
            {[...new Set((props.marks ?? []).map(({ name }) => name))].join(", ")}
          </span>
        )}
      </figcaption>
    </figure>
  );
}
