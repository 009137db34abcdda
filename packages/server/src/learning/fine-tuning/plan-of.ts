import { agentVersionConfig, type TrainingType } from "@agent-learning/contract";
import { findVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import type { TrainingBackend, TrainingPlan } from "./backends/backend.ts";
import { readHyperparameters, readSettings } from "./settings.ts";

/** The plan of a stored run and the back end that carries it out. */
export async function planOf(
  ctx: TenantContext,
  row: TrainingRunRow,
): Promise<{ plan: TrainingPlan; backend: TrainingBackend }> {
  const settings = readSettings(row.config, row.training_type as TrainingType).data;
  const hyperparameters =
    settings === undefined ? undefined : readHyperparameters(row.hyperparameters, settings.method).data;
  const backend = settings === undefined ? undefined : ctx.services.trainingBackends.get(settings.backend);
  const { dataset_id: datasetId, base_version_id: baseId } = row;
  if (
    settings === undefined ||
    hyperparameters === undefined ||
    backend === undefined ||
    (datasetId === null && settings.method !== "embedding") ||
    baseId === null
  ) {
    throw new Error("the run's settings cannot be read");
  }
  const base = await findVersion(ctx, row.agent_id, baseId, "base_version_id");
  return {
    backend,
    plan: {
      runId: row.id,
      agentId: row.agent_id,
      datasetId: datasetId ?? undefined,
      until: row.created_at ?? new Date(0),
      base: { id: baseId, config: agentVersionConfig.parse(base.config) },
      settings,
      hyperparameters,
    },
  };
}
