import type { ExposureReceipt, ReportedExposure, ReportExposures } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { addCovariates, type Covariate } from "./change-units.ts";
import { refuseImpossibleTime } from "./check-time.ts";
import { recordExposures } from "./record-exposures.ts";
import { selectSubjects, type Subject } from "./store.ts";

const LARGEST = 1e12;

function covariatesOf(path: string, exposure: ReportedExposure, subject: Subject): Covariate[] {
  return Object.entries(exposure.covariates ?? {}).map(([metric, value]) => {
    const adjusted = subject.metrics.filter((one) => one.covariate);
    const wanted = adjusted.map((one) => one.name);
    const declared = adjusted.find((one) => one.name === metric);
    if (declared === undefined) {
      throw unprocessable(
        `${path}.covariates.${metric}`,
        wanted.length === 0
          ? `is not wanted: no metric of this ${exposure.kind} was declared with a covariate`
          : `is not a metric that was declared with a covariate: those are ${wanted.join(", ")}`,
      );
    }
    if (Math.abs(value) > LARGEST) {
      throw unprocessable(`${path}.covariates.${metric}`, `must be within ${LARGEST} of 0`);
    }
    return {
      subjectId: exposure.id,
      metric,
      unitId: exposure.unit_id,
      value,
      perUnit: declared.per === "unit",
    };
  });
}

/**
 * Exposures of callers who record no executions.
 * @throws ProblemError unprocessable for a subject that is not there or never started, an arm that it does not have, a time that
 *   cannot be, a covariate that no metric has
 */
export async function reportExposures({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ReportExposures;
}): Promise<ExposureReceipt> {
  const subjects = await selectSubjects(ctx, [...new Set(input.exposures.map((exposure) => exposure.id))]);
  const now = await learningNow(ctx.tx);
  const covariates: Covariate[] = [];
  const sightings = input.exposures.map((exposure, index) => {
    const path = `body.exposures.${index}`;
    const subject = subjects.get(exposure.id);
    if (subject === undefined || subject.split.kind !== exposure.kind) {
      throw unprocessable(`${path}.id`, `is not a started ${exposure.kind} of this organization`);
    }
    if (!subject.versions.has(exposure.arm)) {
      const names = [...subject.versions.keys()].join(" and ");
      throw unprocessable(`${path}.arm`, `is not an arm of this ${exposure.kind}: its arms are ${names}`);
    }
    refuseImpossibleTime(`${path}.occurred_at`, exposure.occurred_at, {
      now,
      notBefore: subject.startedAt,
      whatComesFirst: `the start of the ${exposure.kind}`,
      advice: "Nobody can have been exposed before it: leave the exposure out, or check the clock.",
    });
    covariates.push(...covariatesOf(path, exposure, subject));
    return {
      subjectId: exposure.id,
      unitId: exposure.unit_id,
      arm: exposure.arm,
      occurredAt: exposure.occurred_at,
    };
  });
  const { recorded, crossedOver } = await recordExposures({ ctx, input: { subjects, sightings } });
  await addCovariates(ctx, covariates);
  return { recorded, known: sightings.length - recorded, crossed_over: crossedOver };
}
