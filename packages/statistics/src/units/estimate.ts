/** Which values speak against the null hypothesis: those above it (`greater`), those below (`less`), or both. */
export type Alternative = "two-sided" | "greater" | "less";

/** An estimate with its interval. One-sided intervals end at -Infinity or Infinity on the other side. */
export interface IntervalEstimate {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Of the null hypothesis that was asked about; by default "no difference". */
  readonly pValue: number;
}

export function intervalAround(
  estimate: number,
  halfWidth: number,
  alternative: Alternative,
): { estimate: number; lower: number; upper: number } {
  return {
    estimate,
    lower: alternative === "less" ? -Infinity : estimate - halfWidth,
    upper: alternative === "greater" ? Infinity : estimate + halfWidth,
  };
}
