import type { ExpectedEffect } from "@agent-learning/contract";

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

/** What a run may bring, from what was measured before. Nothing measured: nothing promised. */
export function expectedEffect(baseline: number | undefined, gains: readonly number[]): ExpectedEffect {
  const gain = gains.length === 0 ? null : gains.reduce((sum, one) => sum + one, 0) / gains.length;
  const stands =
    baseline === undefined
      ? "Nobody has measured yet how often the version that it starts from is right."
      : `The version that it starts from answers ${percent(baseline)} of held-out rows right, so ${percent(1 - baseline)} is the most that could be gained.`;
  const earlier =
    gain === null
      ? "The agent had no fine-tuning run that was evaluated."
      : `The last ${gains.length} evaluated runs changed that by ${percent(gain)} on average.`;
  return {
    baseline_score: baseline ?? null,
    earlier_gain: gain,
    earlier_runs: gains.length,
    sentence: `${stands} ${earlier}`,
  };
}
