export interface ChartSeries {
  name: string;
  /** Token of the colour: `--chart-1`. */
  color: `--${string}`;
  /** One value for each time; null where there was nothing to measure. */
  values: readonly (number | null)[];
  dashed?: boolean;
}

export interface TimeChartProps {
  /** What the picture says, in a sentence. */
  label: string;
  /** Milliseconds since 1970. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** An interval around the first series. */
  band?: { name: string; lower: readonly (number | null)[]; upper: readonly (number | null)[] } | undefined;
  /** Moments on the time axis: deployed, rolled back. */
  marks?: readonly { at: number; name: string }[] | undefined;
  /** A value as the axis and the reader see it. */
  format: (value: number) => string;
  /** Least range of the axis; it grows with the data. */
  range?: readonly [number, number] | undefined;
  /** A horizontal line: zero, or a limit. */
  baseline?: number | undefined;
  /** Pixels. */
  height?: number | undefined;
}
