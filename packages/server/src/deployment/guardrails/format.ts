/** `0.0512` as `5.1 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** ln E, which may be minus infinity, as a number that JSON has. */
export function finite(lnEvidence: number): number {
  return Math.max(-1e6, Math.min(1e6, lnEvidence));
}
