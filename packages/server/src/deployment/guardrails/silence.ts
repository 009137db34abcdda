/** When the arms were last heard of, and how much the control alone has said since. RFC 3339 times. */
export interface Silence {
  candidateAt: string | null;
  controlAt: string | null;
  /** Since when the control speaks and the candidate does not; null while neither or both do. */
  controlAloneSince: string | null;
  /** Units of the control that were heard of in that time. */
  controlUnits: number;
}

export function startSilence(): Silence {
  return { candidateAt: null, controlAt: null, controlAloneSince: null, controlUnits: 0 };
}

/** Control units without one of the candidate that chance does not explain: 2^-20 with arms of equal size. */
const TELLING_UNITS = 20;

export interface Heard {
  candidate: { units: number; lastAt: Date } | undefined;
  control: { units: number; lastAt: Date } | undefined;
}

/** The silence after a look at which these units were heard of. */
export function hear(silence: Silence, { candidate, control }: Heard): Silence {
  const candidateAt = candidate?.lastAt.toISOString() ?? silence.candidateAt;
  const controlAt = control?.lastAt.toISOString() ?? silence.controlAt;
  if (candidate !== undefined) return { candidateAt, controlAt, controlAloneSince: null, controlUnits: 0 };
  if (control === undefined) return silence;
  return {
    candidateAt,
    controlAt,
    controlAloneSince: silence.controlAloneSince ?? control.lastAt.toISOString(),
    controlUnits: silence.controlUnits + control.units,
  };
}

/**
 * The candidate alone has fallen silent: for at least the grace period while the control kept speaking. Both arms silent is not it:
 * then the source, or everybody, is away.
 */
export function isCandidateSilent(silence: Silence, now: Date, graceMinutes: number): boolean {
  return (
    silence.controlAloneSince !== null &&
    silence.controlUnits >= TELLING_UNITS &&
    now.getTime() - Date.parse(silence.controlAloneSince) >= graceMinutes * 60_000
  );
}

/** Both arms were heard of within the window. */
export function isFresh(silence: Silence, now: Date, windowMinutes: number): boolean {
  return [silence.candidateAt, silence.controlAt].every(
    (at) => at !== null && now.getTime() - Date.parse(at) <= windowMinutes * 60_000,
  );
}

/** After a pause the time begins anew. */
export function forgetSilence(silence: Silence): Silence {
  return { ...silence, controlAloneSince: null, controlUnits: 0 };
}
