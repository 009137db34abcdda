import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/** What a run of behaviour learning was asked to do: the run's `config`. */
export interface BehaviorSettings {
  /** The agent's runs of the last so many days count. */
  days: number;
  /** Calls to a model that the gate may take. */
  budget_calls: number;
  seed: number;
}

const schema: z.ZodType<BehaviorSettings> = z.strictObject({
  days: z.number().int().min(1).max(3_650).default(90),
  budget_calls: z.number().int().min(1).max(100_000).default(1_000),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});

/** Reads a run's config; the error is zod's, with a path for each field. */
export function readBehaviorSettings(config: unknown): z.ZodSafeParseResult<BehaviorSettings> {
  return schema.safeParse(config);
}

/** The config as it is stored. */
export function storedSettings(settings: BehaviorSettings): Record<string, JsonValue> {
  return { ...settings };
}
