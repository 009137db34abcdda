/** An arm of an experiment that is being drawn up. */
export interface DraftArm {
  /** As the API calls it; the first two are `control` and `treatment`. */
  name: string;
  versionId: string;
  /** Of all users, 1 to 100. */
  percentage: number;
}

/** Whole percentages of everybody, as equal as they can be, the first arms taking what is left over. */
export function equalShares(arms: readonly DraftArm[]): DraftArm[] {
  const share = Math.floor(100 / arms.length);
  const rest = 100 - share * arms.length;
  return arms.map((arm, index) => ({ ...arm, percentage: share + (index < rest ? 1 : 0) }));
}

/** One more treatment, on a version that no arm has yet; the shares are made equal again. */
export function withTreatment(arms: readonly DraftArm[], versionId: string): DraftArm[] {
  const names = new Set(arms.map(({ name }) => name));
  let number = 2;
  while (names.has(`treatment-${number}`)) number += 1;
  return equalShares([...arms, { name: `treatment-${number}`, versionId, percentage: 0 }]);
}

/** Percent of users outside of the experiment; negative where the arms want more than everybody. */
export function holdoutOf(arms: readonly DraftArm[]): number {
  return 100 - arms.reduce((sum, { percentage }) => sum + percentage, 0);
}
