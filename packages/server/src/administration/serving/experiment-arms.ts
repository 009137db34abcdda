export interface ExperimentArmsRow {
  control_version_id: string;
  treatment_version_id: string;
  control_percentage: number | null;
  treatment_percentage: number | null;
  /** [{ name, percentage, config: { version_id } }] */
  additional_treatments?: unknown;
  /** { policy, floor, update_hours, periods } */
  allocation?: unknown;
}

export interface ExperimentArm {
  name: string;
  versionId: string;
  /** Of all units, as the experiment was created. */
  percentage: number;
}

/** Shares of all units, 0 to 1, by arm, from a moment on. An arm with a share of 0 is closed. */
export interface StoredPeriod {
  since: string;
  shares: Record<string, number>;
  reason: string;
}

export interface StoredAllocation {
  policy: "fixed" | "bandit";
  floor: number | null;
  update_hours: number | null;
  /** Empty until the experiment starts. */
  periods: StoredPeriod[];
}

/** The arms of an experiment, the control first. */
export function experimentArms(row: ExperimentArmsRow): ExperimentArm[] {
  const additional = (row.additional_treatments ?? []) as {
    name: string;
    percentage: number;
    config: { version_id: string };
  }[];
  return [
    { name: "control", versionId: row.control_version_id, percentage: row.control_percentage ?? 50 },
    { name: "treatment", versionId: row.treatment_version_id, percentage: row.treatment_percentage ?? 50 },
    ...additional.map(({ name, percentage, config }) => ({
      name,
      percentage,
      versionId: config.version_id,
    })),
  ];
}

export function storedAllocation(row: Pick<ExperimentArmsRow, "allocation">): StoredAllocation {
  const stored = (row.allocation ?? {}) as Partial<StoredAllocation>;
  return { policy: "fixed", floor: null, update_hours: null, periods: [], ...stored };
}

/** The shares of one period of the allocation, in the order of the arms; of the last one unless told. */
export function sharesOf(row: ExperimentArmsRow, period?: number): number[] {
  const { periods } = storedAllocation(row);
  const shares = periods[period ?? periods.length - 1]?.shares;
  return experimentArms(row).map(({ name, percentage }) =>
    shares === undefined ? percentage / 100 : (shares[name] ?? 0),
  );
}
