import type { JSX } from "react";

const WIDTH = 120;
const HEIGHT = 28;

/** The course of a value in the size of a word; the number beside it says what it is. */
export function Sparkline({ values }: { values: readonly (number | null)[] }): JSX.Element | null {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return null;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const points = values
    .map((value, index) =>
      value === null
        ? undefined
        : `${((index / (values.length - 1)) * (WIDTH - 4) + 2).toFixed(1)},${(HEIGHT - 3 - ((value - low) / span) * (HEIGHT - 6)).toFixed(1)}`,
    )
    .filter((point) => point !== undefined);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
