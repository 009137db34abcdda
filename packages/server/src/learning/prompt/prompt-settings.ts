import { type JsonValue, promptSettings, type PromptSettings } from "@agent-learning/contract";
import type { z } from "zod";

/** Reads a run's config; the error is zod's, with a path for each field. */
export function readPromptSettings(config: unknown): z.ZodSafeParseResult<PromptSettings> {
  return promptSettings.safeParse(config);
}

/** The config as it is stored. */
export function storedSettings(settings: PromptSettings): Record<string, JsonValue> {
  return JSON.parse(JSON.stringify(settings)) as Record<string, JsonValue>;
}
