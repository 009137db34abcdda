import type { JSX } from "react";

export interface SparklineProps {
  label: string;
  days: readonly { day: string; value: number | null }[];
  format: (value: number) => string;
  /** What the axis spans; from the data when left out. */
  range?: readonly [low: number, high: number] | undefined;
}

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 4;

/** The lines of a series; a day without a value breaks the line instead of joining what was never measured. */
export function linesOf(
  values: readonly (number | null)[],
  [low, high]: readonly [number, number],
): { x: number; y: number }[][] {
  const lines: { x: number; y: number }[][] = [[]];
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, values.length - 1);
  for (const [index, value] of values.entries()) {
    if (value === null) lines.push([]);
    else {
      const share = high === low ? 0.5 : (value - low) / (high - low);
      lines.at(-1)?.push({ x: MARGIN + index * step, y: HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN) });
    }
  }
  return lines.filter((line) => line.length > 0);
}

/** A trend at a glance, with its ends in words for whoever does not see it. */
export function Sparkline({ label, days, format, range }: SparklineProps): JSX.Element {
  const known = days.flatMap(({ day, value }) => (value === null ? [] : [{ day, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return <p className="als-faint">No data in these days.</p>;
  const all = known.map(({ value }) => value);
  const lines = linesOf(
    days.map(({ value }) => value),
    range ?? [Math.min(...all), Math.max(...all)],
  );
  const summary = `${label}: ${format(first.value)} on ${first.day}, ${format(last.value)} on ${last.day}, ${known.length} days with data`;
  return (
    <svg
      className="als-sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      <title>{summary}</title>
      {lines.map((line) =>
        line.length === 1 ? (
          <circle key={line[0]?.x} cx={line[0]?.x} cy={line[0]?.y} r={2} />
        ) : (
          <polyline
            key={line[0]?.x}
            points={line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}
          />
        ),
      )}
    </svg>
  );
}
