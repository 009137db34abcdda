import type { ExperimentLook, LooksQuery } from "@agent-learning/contract";
import { experimentArms } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { notFound, unprocessable } from "../../http/problem-error.ts";
import { metricsOf } from "../metrics/index.ts";
import { selectLooks } from "./looks-store.ts";
import { selectExperiment } from "./store.ts";

/**
 * How a metric's difference and its interval went over time.
 * @throws ProblemError unprocessable for a metric or arm that the experiment does not have
 */
export async function listLooks({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; query: LooksQuery };
}): Promise<ExperimentLook[]> {
  const row = await selectExperiment(ctx, input.id);
  if (row === undefined) throw notFound("experiment", input.id, "path.experimentId");
  const { metric = row.primary_metric, arm } = input.query;
  const names = metricsOf(row).map((one) => one.name);
  if (!names.includes(metric)) {
    throw unprocessable("query.metric", `is not a metric of this experiment: it has ${names.join(", ")}`);
  }
  const treatments = experimentArms(row)
    .slice(1)
    .map((one) => one.name);
  if (arm !== undefined && !treatments.includes(arm)) {
    throw unprocessable(
      "query.arm",
      `is not a treatment of this experiment: it has ${treatments.join(", ")}`,
    );
  }
  return selectLooks(ctx, row.id, { metric, arm });
}
