import { z } from "zod";
import {
  agentLearningConfig,
  type AgentLearningConfig,
  agentLearningConfigChange,
  type AgentLearningConfigChange,
} from "./agent-config.ts";
import { agentPolicy, type AgentPolicy, agentPolicyChange, type AgentPolicyChange } from "./agent-policy.ts";
import { slug, uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";
import { name, optionalText } from "./text.ts";

export interface Agent {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  config: AgentLearningConfig;
  policy: AgentPolicy;
  version: number;
  created_at: string;
  updated_at: string;
  archived_at: string | null;
}

export const agent: z.ZodType<Agent> = z.object({
  id: uuid,
  slug,
  name: z.string(),
  description: z.string().nullable(),
  config: agentLearningConfig,
  policy: agentPolicy,
  version: z.number().int(),
  created_at: timestamp,
  updated_at: timestamp,
  archived_at: timestamp.nullable(),
});

export interface CreateAgent {
  slug: string;
  name?: string | undefined;
  description?: string | undefined;
  config?: AgentLearningConfigChange | undefined;
  policy?: AgentPolicyChange | undefined;
}

export const createAgent: z.ZodType<CreateAgent> = z.object({
  slug,
  name: name.optional(),
  description: optionalText.optional(),
  config: agentLearningConfigChange.optional(),
  policy: agentPolicyChange.optional(),
});

export interface UpdateAgent {
  name?: string | undefined;
  description?: string | null | undefined;
  /** What they do not name stays as it is. */
  config?: AgentLearningConfigChange | undefined;
  policy?: AgentPolicyChange | undefined;
  archived?: boolean | undefined;
}

export const updateAgent: z.ZodType<UpdateAgent> = z
  .object({
    name: name.optional(),
    description: optionalText.nullable().optional(),
    config: agentLearningConfigChange.optional(),
    policy: agentPolicyChange.optional(),
    archived: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  });
