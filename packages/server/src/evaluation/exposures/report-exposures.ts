import type { ExposureReceipt, ReportExposures } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { combineContributions } from "./contributions.ts";
import { recordExposures } from "./record-exposures.ts";
import { addContributions, selectSubjects } from "./store.ts";

/**
 * Exposures of callers who record no executions.
 * @throws ProblemError unprocessable for a subject that is not there or never started, or an arm that it does not have
 */
export async function reportExposures({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ReportExposures;
}): Promise<ExposureReceipt> {
  const subjects = await selectSubjects(ctx, [...new Set(input.exposures.map((exposure) => exposure.id))]);
  const sightings = input.exposures.map((exposure, index) => {
    const path = `body.exposures.${index}`;
    const subject = subjects.get(exposure.id);
    if (subject === undefined || subject.split.kind !== exposure.kind) {
      throw unprocessable(`${path}.id`, `is not a started ${exposure.kind} of this organization`);
    }
    if (!subject.split.arms.some((arm) => arm.name === exposure.arm)) {
      const names = subject.split.arms.map((arm) => arm.name).join(" and ");
      throw unprocessable(`${path}.arm`, `is not an arm of this ${exposure.kind}: its arms are ${names}`);
    }
    return { subjectId: exposure.id, unitId: exposure.unit_id, arm: exposure.arm };
  });
  const { contributions, recorded, crossedOver } = await recordExposures({
    ctx,
    input: { subjects, sightings },
  });
  await addContributions(ctx, combineContributions(contributions));
  return { recorded, known: sightings.length - recorded, crossed_over: crossedOver };
}
