import type { TenantContext } from "../../context.ts";
import { insertExposures, type NewExposure, type Subject } from "./store.ts";

/** A unit seen in an arm. */
export interface Sighting {
  subjectId: string;
  unitId: string;
  arm: string;
  /** RFC 3339; now unless given. */
  occurredAt?: string | undefined;
}

/**
 * Stores the exposures of units in their arms: once for each unit, the first arm sticky, a second arm remembered as a
 * crossing. Sightings of unknown subjects or arms are left out.
 * @returns how many units were new, and how many crossed over now
 */
export async function recordExposures({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { subjects: ReadonlyMap<string, Subject>; sightings: readonly Sighting[] };
}): Promise<{ recorded: number; crossedOver: number }> {
  const exposures = new Map<string, NewExposure>();
  for (const { subjectId, unitId, arm, occurredAt } of input.sightings) {
    const subject = input.subjects.get(subjectId);
    const versionId = subject?.versions.get(arm);
    if (subject === undefined || versionId === undefined) continue;
    const key = JSON.stringify([subjectId, unitId]);
    const known = exposures.get(key);
    if (known === undefined) {
      exposures.set(key, {
        subject,
        unitId,
        arm,
        versionId,
        occurredAt: occurredAt ?? null,
        crossedOver: false,
      });
    } else if (known.arm !== arm) known.crossedOver = true;
  }
  return insertExposures(ctx, [...exposures.values()]);
}
