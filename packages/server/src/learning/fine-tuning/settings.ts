import {
  FINE_TUNING_BACKENDS,
  FINE_TUNING_METHODS,
  type FineTuningBackend,
  type FineTuningMethod,
  type JsonValue,
  type TrainingType,
} from "@agent-learning/contract";
import { z } from "zod";

/** What a run of fine-tuning was asked to do: the run's `config`. */
export interface FineTuningSettings {
  backend: FineTuningBackend;
  method: FineTuningMethod;
  /** The model that is trained: a name at the endpoint; without it the one that the operator configured. */
  base_model?: string | undefined;
  /** Of GRPO: the approved run whose reward model it is trained against. */
  reward_run_id?: string | undefined;
  /** Of `embedding`: evidence of the last so many days before the run was drafted. */
  days?: number | undefined;
  /** Calls to a model that the evaluation may take. */
  budget_calls: number;
  seed: number;
}

/** The run's `hyperparameters`. */
export interface Hyperparameters {
  epochs: number;
  learning_rate: number;
  batch_size: number;
  /** Tokens of a row at most. */
  max_length: number;
  lora_r: number;
  lora_alpha: number;
  seed: number;
  /** Of DPO and KTO: how close to the base model. */
  beta: number;
  save_steps: number;
  gradient_checkpointing: boolean;
}

/** Which methods each of the guide's training types stands for, the first where none is named. */
export const METHODS_OF: Readonly<Partial<Record<TrainingType, readonly FineTuningMethod[]>>> = {
  supervised_fine_tuning: ["sft"],
  dpo: ["dpo", "kto"],
  rlhf: ["grpo", "reward"],
  lora: FINE_TUNING_METHODS,
};

/** Of the back ends that have not all methods, those that they have. */
const ABLE: Readonly<Partial<Record<FineTuningBackend, readonly FineTuningMethod[]>>> = {
  context: ["sft"],
  openai: ["sft", "dpo"],
};

/** What an endpoint lets others choose; the rest it chooses itself. */
const OF_ENDPOINTS: readonly string[] = ["epochs", "batch_size", "beta", "max_length", "seed"];

/** A hyperparameter that was asked for and that the back end would not heed; undefined: there is none. */
export function foreignHyperparameter(given: unknown, backend: FineTuningBackend): string | undefined {
  if (backend !== "openai" || typeof given !== "object" || given === null) return undefined;
  return Object.keys(given).find((name) => !OF_ENDPOINTS.includes(name));
}

/** TRL's own defaults for LoRA. */
const LEARNING_RATES: Readonly<Record<FineTuningMethod, number>> = {
  sft: 2e-4,
  dpo: 5e-6,
  kto: 1e-6,
  reward: 1e-4,
  grpo: 1e-5,
  embedding: 2e-4,
};

const settings = z.strictObject({
  backend: z.enum(FINE_TUNING_BACKENDS).default("trl"),
  method: z.enum(FINE_TUNING_METHODS).optional(),
  base_model: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, "is not the name of a model")
    .optional(),
  reward_run_id: z.uuid().optional(),
  days: z.number().int().min(1).max(3_650).optional(),
  budget_calls: z.number().int().min(1).max(100_000).default(2_000),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});

/** Reads a run's config; the error is zod's, with a path for each field. */
export function readSettings(
  config: unknown,
  trainingType: TrainingType,
): z.ZodSafeParseResult<FineTuningSettings> {
  const methods = METHODS_OF[trainingType] ?? [];
  return settings
    .transform((given, context): FineTuningSettings => {
      const method = given.method ?? methods[0] ?? "sft";
      if (!methods.includes(method)) {
        const message = `${trainingType} is trained by ${methods.join(" or ")}, not by ${method}`;
        context.addIssue({ code: "custom", path: ["method"], message });
      }
      const able = ABLE[given.backend];
      if (able !== undefined && !able.includes(method)) {
        const message = `the back end ${given.backend} has ${able.join(" and ")} only: trl and ray have the others`;
        context.addIssue({ code: "custom", path: ["method"], message });
      }
      if (method === "grpo" && given.reward_run_id === undefined) {
        const message =
          "name the approved run that trained the reward model; make one with the method reward";
        context.addIssue({ code: "custom", path: ["reward_run_id"], message });
      }
      if (given.days !== undefined && method !== "embedding") {
        const message = "is for the method embedding; the others learn from a dataset";
        context.addIssue({ code: "custom", path: ["days"], message });
      }
      return { ...given, method };
    })
    .safeParse(config);
}

/** Reads what was asked of the trainer, with TRL's defaults for what was not. */
export function readHyperparameters(
  given: unknown,
  method: FineTuningMethod,
): z.ZodSafeParseResult<Hyperparameters> {
  return z
    .strictObject({
      epochs: z
        .number()
        .gt(0)
        .max(100)
        .default(method === "sft" ? 3 : 1),
      learning_rate: z.number().gt(0).max(1).default(LEARNING_RATES[method]),
      batch_size: z.number().int().min(1).max(1_024).default(8),
      max_length: z.number().int().min(16).max(131_072).default(512),
      lora_r: z.number().int().min(1).max(1_024).default(8),
      lora_alpha: z.number().int().min(1).max(4_096).default(16),
      seed: z.number().int().min(0).max(4_294_967_295).default(1),
      beta: z.number().gt(0).max(10).default(0.1),
      save_steps: z.number().int().min(1).max(100_000).default(20),
      gradient_checkpointing: z.boolean().default(false),
    })
    .safeParse(given ?? {});
}

/** Settings as JSON. */
export function asJson(values: FineTuningSettings | Hyperparameters): Record<string, JsonValue> {
  return JSON.parse(JSON.stringify(values)) as Record<string, JsonValue>;
}
