import type { AgentVersionConfig, JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/** What fine-tuning puts into a version: weights by their hash, or the name that an endpoint gave what it trained. */
export type Adapter =
  | {
      format: "gguf-lora";
      sha256: string;
      bytes: number;
      training_run_id: string;
      artifact_id: string;
      /** The file that it was trained on: it fits no other. */
      base_model: string;
    }
  | { format: "endpoint-model"; model: string; training_run_id: string };

const schema = z.discriminatedUnion("format", [
  z.object({
    format: z.literal("gguf-lora"),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number(),
    training_run_id: z.string(),
    artifact_id: z.string(),
    base_model: z.string(),
  }),
  z.object({ format: z.literal("endpoint-model"), model: z.string(), training_run_id: z.string() }),
]);

/** A version's adapter; undefined: none, or one that this server did not make and cannot serve. */
export function adapterOf(config: AgentVersionConfig): Adapter | undefined {
  const parsed = schema.safeParse(config.adapter);
  return parsed.success ? parsed.data : undefined;
}

/** The base with an adapter. Its demonstrations go: they are in the weights, and training did not see them in the prompt. */
export function withAdapter(base: AgentVersionConfig, adapter: Adapter): AgentVersionConfig {
  return {
    ...base,
    runtime: "model",
    demonstrations: [],
    adapter: adapter as unknown as Record<string, JsonValue>,
  };
}
