/** When the arms were last heard of, and how much the control alone has said since. RFC 3339 times. */
export interface Silence {
  candidateAt: string | null;
  controlAt: string | null;
  /** Since when the control speaks and the candidate does not; null while neither or both do. */
  controlAloneSince: string | null;
  /** Units of the control that were heard of in that time. */
  controlUnits: number;
  /** Minutes in which the control kept speaking alone: what the grace period is compared with. */
  aloneMinutes: number;
}

export function startSilence(): Silence {
  return { candidateAt: null, controlAt: null, controlAloneSince: null, controlUnits: 0, aloneMinutes: 0 };
}

/** Control units without one of the candidate that chance does not explain: 2^-20 with arms of equal size. */
const TELLING_UNITS = 20;
/**
 * The most of the grace period that passes between two signs of the control. When everything was away for hours (the agents, this
 * server, its database) the control may be back first: that is an outage, not a silent candidate.
 */
const LONGEST_GAP_PART = 1 / 4;

export interface Heard {
  candidate: { units: number; lastAt: Date } | undefined;
  control: { units: number; lastAt: Date } | undefined;
}

/** The silence after a look at which these units were heard of. */
export function hear(silence: Silence, { candidate, control }: Heard, graceMinutes: number): Silence {
  const candidateAt = candidate?.lastAt.toISOString() ?? silence.candidateAt;
  const controlAt = control?.lastAt.toISOString() ?? silence.controlAt;
  if (candidate !== undefined) return { ...startSilence(), candidateAt, controlAt };
  if (control === undefined) return silence;
  const { controlAloneSince, controlUnits, aloneMinutes } = silence;
  const gap =
    controlAloneSince === null || silence.controlAt === null
      ? 0
      : Math.max(0, control.lastAt.getTime() - Date.parse(silence.controlAt)) / 60_000;
  return {
    candidateAt,
    controlAt,
    controlAloneSince: controlAloneSince ?? control.lastAt.toISOString(),
    controlUnits: controlUnits + control.units,
    aloneMinutes: aloneMinutes + Math.min(gap, graceMinutes * LONGEST_GAP_PART),
  };
}

/**
 * The candidate alone has fallen silent: for at least the grace period while the control kept speaking. Both arms silent is not it:
 * then the source, or everybody, is away.
 */
export function isCandidateSilent(silence: Silence, graceMinutes: number): boolean {
  return silence.controlUnits >= TELLING_UNITS && silence.aloneMinutes >= graceMinutes;
}

/** Both arms were heard of within the window. */
export function isFresh(silence: Silence, now: Date, windowMinutes: number): boolean {
  return [silence.candidateAt, silence.controlAt].every(
    (at) => at !== null && now.getTime() - Date.parse(at) <= windowMinutes * 60_000,
  );
}

/** After a pause, and while the source of the metric is failing, the time begins anew. */
export function forgetSilence(silence: Silence): Silence {
  return { ...silence, controlAloneSince: null, controlUnits: 0, aloneMinutes: 0 };
}
