import type { TenantContext } from "../../context.ts";
import type { Contribution } from "./contributions.ts";
import { insertExposures, type NewExposure, type Subject } from "./store.ts";

/** A unit seen in an arm. */
export interface Sighting {
  subjectId: string;
  unitId: string;
  arm: string;
}

/**
 * Stores the exposures of units in their arms: once for each unit, the first arm sticky, a second arm remembered as a
 * crossing. Sightings of unknown subjects or arms must have been left out.
 * @returns contributions to the exposure counts, and how many units were new and how many crossed over now
 */
export async function recordExposures({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { subjects: ReadonlyMap<string, Subject>; sightings: readonly Sighting[] };
}): Promise<{ contributions: Contribution[]; recorded: number; crossedOver: number }> {
  const exposures = new Map<string, NewExposure>();
  for (const { subjectId, unitId, arm } of input.sightings) {
    const subject = input.subjects.get(subjectId);
    const versionId = subject?.split.arms.find((one) => one.name === arm)?.version_id;
    if (subject === undefined || versionId === undefined) continue;
    const key = JSON.stringify([subjectId, unitId]);
    const known = exposures.get(key);
    if (known === undefined) exposures.set(key, { ...subject, unitId, arm, versionId, crossedOver: false });
    else if (known.arm !== arm) known.crossedOver = true;
  }
  const changes = await insertExposures(ctx, [...exposures.values()]);
  return {
    contributions: changes.map(({ subjectId, unitId, inserted, crossedOver }) => ({
      subjectId,
      unitId,
      metric: "exposure",
      n: Number(inserted),
      sum: Number(crossedOver),
      sumSquares: Number(crossedOver),
      first: 0,
    })),
    recorded: changes.filter((change) => change.inserted).length,
    crossedOver: changes.filter((change) => change.crossedOver).length,
  };
}
