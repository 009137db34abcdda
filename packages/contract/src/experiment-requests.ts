import { z } from "zod";
import {
  type AdditionalTreatment,
  type ArmConfig,
  armConfig,
  EXPERIMENT_DECISIONS,
  type ExperimentDecision,
  INFERENCES,
  type Inference,
} from "./experiment.ts";
import { type DeclaredMetric, declaredMetric } from "./experiment-metric.ts";
import { metricName } from "./exposure.ts";
import { agentReference } from "./identifiers.ts";
import { ASSIGNMENT_HASHES, type AssignmentHash } from "./serving.ts";
import { name, optionalText } from "./text.ts";

const percentage = z.number().int().min(0).max(100);

export interface CreateExperiment {
  agent_id: string;
  name: string;
  description?: string | undefined;
  hypothesis?: string | undefined;
  control_config: ArmConfig;
  treatment_config: ArmConfig;
  /** What the arms leave over stays on the version in production, outside the experiment: the holdout. */
  control_percentage?: number | undefined;
  treatment_percentage?: number | undefined;
  additional_treatments?: AdditionalTreatment[] | undefined;
  /** Hours; the agent's policy unless given, and not less. */
  min_duration_hours?: number | undefined;
  /** Units per arm; the agent's policy unless given, and not less. */
  min_sample_size?: number | undefined;
  /** The first goal unless given. */
  primary_metric?: string | undefined;
  /** The four that every unit has unless given; errors and satisfaction are always guardrails at least. */
  metrics?: DeclaredMetric[] | undefined;
  inference?: Inference | undefined;
  minimum_effect?: number | undefined;
  allocation?:
    | { policy: "fixed" | "bandit"; floor?: number | undefined; update_hours?: number | undefined }
    | undefined;
  hash?: AssignmentHash | undefined;
  /** What the hash is seeded with; made from the experiment unless given. */
  assignment_seed?: string | undefined;
  /** Experiments of one group never share a unit, whichever agents they are of. */
  exclusion_group?: string | undefined;
  /** 1 less the policy's significance unless given, and not more. */
  significance_level?: number | undefined;
}

export const createExperiment: z.ZodType<CreateExperiment> = z.object({
  agent_id: agentReference,
  name,
  description: optionalText.optional(),
  hypothesis: optionalText.optional(),
  control_config: armConfig,
  treatment_config: armConfig,
  control_percentage: percentage.optional(),
  treatment_percentage: percentage.optional(),
  additional_treatments: z
    .array(
      z.object({
        name: z
          .string()
          .regex(/^[a-z][a-z0-9_-]{0,39}$/, "use lower-case letters, digits, - and _, a letter first"),
        percentage,
        config: armConfig,
      }),
    )
    .max(8)
    .optional(),
  min_duration_hours: z.number().int().min(0).max(100_000).optional(),
  min_sample_size: z.number().int().min(0).max(1_000_000_000).optional(),
  primary_metric: metricName.optional(),
  metrics: z.array(declaredMetric).min(1).max(20).optional(),
  inference: z.enum(INFERENCES).optional(),
  minimum_effect: z.number().gt(0).max(100).optional(),
  allocation: z
    .object({
      policy: z.enum(["fixed", "bandit"]),
      floor: z.number().optional(),
      update_hours: z.number().optional(),
    })
    .optional(),
  hash: z.enum(ASSIGNMENT_HASHES).optional(),
  assignment_seed: z.string().min(1).max(200).optional(),
  exclusion_group: z
    .string()
    .regex(/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/, "use lower-case letters and digits, joined by - _ or .")
    .max(64)
    .optional(),
  significance_level: z.number().gt(0).lt(0.5).optional(),
});

export interface UpdateExperiment {
  status?: "running" | "paused" | "stopped" | "decided" | undefined;
  /** Decides the experiment; `status` may be left out. */
  decision?: ExperimentDecision | undefined;
  /** The treatment to deploy, where there are several and none has won. */
  winning_arm?: string | undefined;
  decision_notes?: string | undefined;
  name?: string | undefined;
  description?: string | null | undefined;
  hypothesis?: string | null | undefined;
}

export const updateExperiment: z.ZodType<UpdateExperiment> = z
  .object({
    status: z.enum(["running", "paused", "stopped", "decided"]).optional(),
    decision: z.enum(EXPERIMENT_DECISIONS).optional(),
    winning_arm: z.string().max(64).optional(),
    decision_notes: optionalText.optional(),
    name: name.optional(),
    description: optionalText.nullable().optional(),
    hypothesis: optionalText.nullable().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  })
  .refine((change) => change.status !== "decided" || change.decision !== undefined, {
    path: ["decision"],
    error: "is needed to decide the experiment",
  })
  .refine((change) => change.decision === undefined || (change.status ?? "decided") === "decided", {
    path: ["status"],
    error: "must be decided, or left out, when there is a decision",
  })
  .refine((change) => change.decision_notes === undefined || change.decision !== undefined, {
    path: ["decision_notes"],
    error: "belong to a decision",
  })
  .refine((change) => change.winning_arm === undefined || change.decision === "deploy_treatment", {
    path: ["winning_arm"],
    error: "belongs to the decision deploy_treatment",
  });
