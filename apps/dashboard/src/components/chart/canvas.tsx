import { type JSX, useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { exactTime, shortDay } from "../../format/time.ts";
import { token, useThemeVersion } from "./theme-version.ts";
import type { TimeChartProps } from "./time-chart-props.ts";

const DAY_SECONDS = 86_400;

function readRange(props: TimeChartProps): UPlot.Range.Function {
  return (_plot, low, high) => {
    const [least, most] = props.range ?? [low ?? 0, high ?? 1];
    const bottom = Math.min(least, low ?? least);
    const top = Math.max(most, high ?? most);
    const room = top === bottom ? Math.abs(top) * 0.1 || 1 : (top - bottom) * 0.06;
    return [props.range !== undefined && bottom === least ? bottom : bottom - room, top + room];
  };
}

function drawMarks(props: TimeChartProps): (plot: UPlot) => void {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    if (props.baseline !== undefined) {
      const y = Math.round(plot.valToPos(props.baseline, "y", true));
      ctx.strokeStyle = token("--text-faint");
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    for (const { at } of props.marks ?? []) {
      const x = Math.round(plot.valToPos(at / 1_000, "x", true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = token("--warn");
      ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
}

/** Shows the values under the pointer in a small box that does not move the page. */
function pointAtValues(props: TimeChartProps, tip: HTMLElement): (plot: UPlot) => void {
  return (plot) => {
    const { idx, left } = plot.cursor;
    const at = idx === null || idx === undefined ? undefined : props.times[idx];
    if (idx === null || idx === undefined || at === undefined || left === undefined || left < 0) {
      tip.hidden = true;
      return;
    }
    const values = props.series.map(({ name, values }) => {
      const value = values[idx];
      return `${name} ${value === null || value === undefined ? "–" : props.format(value)}`;
    });
    const low = props.band?.lower[idx];
    const high = props.band?.upper[idx];
    if (low !== null && low !== undefined && high !== null && high !== undefined)
      values.push(`${props.format(low)} to ${props.format(high)}`);
    tip.textContent = `${exactTime(new Date(at).toISOString())}\n${values.join("\n")}`;
    tip.hidden = false;
    const flip = left > plot.bbox.width / devicePixelRatio / 2;
    tip.style.left = flip ? "auto" : `${left + 64}px`;
    tip.style.right = flip ? `${plot.bbox.width / devicePixelRatio - left + 16}px` : "auto";
  };
}

function options(props: TimeChartProps, width: number, tip: HTMLElement): UPlot.Options {
  const axis = { stroke: token("--text-faint"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const grid = { stroke: token("--line"), width: 1 };
  const count = props.series.length;
  const line = (color: string, dashed: boolean | undefined): UPlot.Series => ({
    stroke: token(color),
    width: 2,
    ...(dashed === true ? { dash: [6, 4] } : {}),
    points: { show: props.times.length < 40, size: 5, fill: token("--surface-raised") },
    spanGaps: true,
  });
  const edge: UPlot.Series = { stroke: "transparent", points: { show: false }, spanGaps: true };
  return {
    width,
    height: props.height ?? 220,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: readRange(props) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        values: (_plot, splits) =>
          splits.map((at, index) =>
            at % 1 === 0 && (index === 0 || at - (splits[index - 1] ?? 0) >= DAY_SECONDS - 1)
              ? shortDay(at * 1_000)
              : hourOf(at),
          ),
        space: 64,
      },
      {
        ...axis,
        grid,
        // As wide as its longest label, so that none is cut.
        size: (_plot, labels) =>
          Math.max(48, 14 + 7 * Math.max(0, ...(labels ?? []).map((label) => String(label).length))),
        values: (_plot, splits) => splits.map((value) => props.format(value)),
      },
    ],
    series: [
      {},
      ...props.series.map(({ color, dashed }) => line(color, dashed)),
      ...(props.band === undefined ? [] : [edge, edge]),
    ],
    ...(props.band === undefined
      ? {}
      : { bands: [{ series: [count + 2, count + 1], fill: token("--chart-band") }] }),
    hooks: { draw: [drawMarks(props)], setCursor: [pointAtValues(props, tip)] },
  } as UPlot.Options;
}

function hourOf(seconds: number): string {
  const time = new Date(seconds * 1_000);
  return time.getHours() === 0 && time.getMinutes() === 0
    ? shortDay(seconds * 1_000)
    : `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}

function alignedData(props: TimeChartProps): UPlot.AlignedData {
  const edges = props.band === undefined ? [] : [props.band.lower, props.band.upper];
  return [
    props.times.map((time) => time / 1_000),
    ...[...props.series.map(({ values }) => values), ...edges].map((values) => [...values]),
  ] as UPlot.AlignedData;
}

/** The drawn part, loaded when the first chart is. */
export default function Canvas(props: TimeChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const content = JSON.stringify([
    props.times,
    props.series,
    props.band,
    props.marks,
    props.range,
    props.baseline,
  ]);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const tip = document.createElement("div");
    tip.className = "time-chart-tip";
    tip.hidden = true;
    const plot = new UPlot(options(props, element.clientWidth, tip), alignedData(props), element);
    element.append(tip);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: props.height ?? 220 }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      tip.remove();
    };
    // Drawn again when what it shows changes, not when its parent renders.
  }, [content, theme, props.height]);
  return <div ref={place} className="time-chart-canvas" />;
}
