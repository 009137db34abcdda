import { z } from "zod";
import { jsonObject, type JsonValue } from "./json.ts";
import { optionalText, text } from "./text.ts";

/** How a version answers: the built-in nearest-demonstrations router, or a language model. */
export const RUNTIMES = ["demonstrations", "model"] as const;

export interface Demonstration {
  input: string;
  output: string;
  /** The learning example that it came from: lineage. */
  example_id?: string | undefined;
}

export interface PlaybookRule {
  id: string;
  text: string;
  /** Learning examples that speak for the rule. */
  evidence_ids: string[];
  helpful: number;
  harmful: number;
}

/** Everything that makes an agent behave as it does. Immutable; two versions with equal config are one version. */
export interface AgentVersionConfig {
  runtime: (typeof RUNTIMES)[number];
  /** Named texts: `system_prompt` and whatever else the agent is made of. */
  components: Record<string, string>;
  demonstrations: Demonstration[];
  playbook: PlaybookRule[];
  retrieval: Record<string, JsonValue>;
  model: { name: string; [key: string]: JsonValue } | null;
  adapter: Record<string, JsonValue> | null;
  parameters: Record<string, JsonValue>;
}

const demonstration = z.object({ input: text, output: text, example_id: z.string().max(64).optional() });
const rule = z.object({
  id: z.string().min(1).max(64),
  text,
  evidence_ids: z.array(z.string().max(64)).max(1000).default([]),
  helpful: z.number().min(0).default(0),
  harmful: z.number().min(0).default(0),
});

export const agentVersionConfig: z.ZodType<AgentVersionConfig, Partial<AgentVersionConfig>> = z.object({
  runtime: z.enum(RUNTIMES).default("model"),
  components: z.record(z.string().min(1).max(64), optionalText).default({}),
  demonstrations: z.array(demonstration).max(20_000).default([]),
  playbook: z.array(rule).max(1_000).default([]),
  retrieval: jsonObject.default({}),
  model: z
    .looseObject({ name: z.string().min(1).max(200) })
    .nullable()
    .default(null),
  adapter: jsonObject.nullable().default(null),
  parameters: jsonObject.default({}),
}) as unknown as z.ZodType<AgentVersionConfig, Partial<AgentVersionConfig>>;
