import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/** What an optimisation of a prompt was asked to do: the run's `config`. */
export interface PromptSettings {
  optimization_goals: string[];
  /** Calls to the model at most, in the search; the gate's calls are counted beside it. */
  budget_calls: number;
  seed: number;
  current_prompt?: string | undefined;
}

const schema: z.ZodType<PromptSettings> = z.object({
  optimization_goals: z.array(z.string().min(1).max(64)).min(1).max(10).default(["accuracy"]),
  budget_calls: z.number().int().min(1).max(1_000_000).default(400),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  current_prompt: z.string().min(1).max(100_000).optional(),
});

/** Reads a run's config; the error is zod's, with a path for each field. */
export function readPromptSettings(config: unknown): z.ZodSafeParseResult<PromptSettings> {
  return schema.safeParse(config);
}

/** The config as it is stored. */
export function storedSettings(settings: PromptSettings): Record<string, JsonValue> {
  return JSON.parse(JSON.stringify(settings)) as Record<string, JsonValue>;
}
