import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { exampleLabels, type LabelsInput } from "./learning-example.ts";
import { timestamp } from "./pagination.ts";
import { text } from "./text.ts";

/** Two answers to one input, given as texts or as executions, and perhaps which is better. */
export interface CreatePreference extends LabelsInput {
  agent_id: string;
  /** Left out where an execution tells it. */
  input?: string | undefined;
  context?: Record<string, JsonValue> | undefined;
  output_a?: string | undefined;
  output_b?: string | undefined;
  /** In place of an output: the execution that gave it, by our id or the caller's. */
  execution_a?: string | undefined;
  execution_b?: string | undefined;
  /** The versions that gave the outputs; an execution knows its own. */
  version_a?: string | undefined;
  version_b?: string | undefined;
  /** Without it the pair waits for people to judge it. */
  preferred?: "A" | "B" | undefined;
  /** 1 (slightly better) to 5. */
  strength?: number | undefined;
}

const strength = z.number().int().min(1).max(5);

export const createPreference: z.ZodType<CreatePreference> = z
  .object({
    agent_id: agentReference,
    input: text.optional(),
    context: jsonObject.optional(),
    output_a: text.optional(),
    output_b: text.optional(),
    execution_a: externalId.optional(),
    execution_b: externalId.optional(),
    version_a: uuid.optional(),
    version_b: uuid.optional(),
    preferred: z.enum(["A", "B"]).optional(),
    strength: strength.optional(),
    ...exampleLabels,
  })
  .superRefine((body, context) => {
    const refuse = (path: keyof CreatePreference, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    for (const side of ["a", "b"] as const) {
      const [output, execution] = [body[`output_${side}`], body[`execution_${side}`]];
      if (output === undefined && execution === undefined)
        refuse(`output_${side}`, `is required, or execution_${side} in its place`);
      if (output !== undefined && execution !== undefined)
        refuse(`execution_${side}`, `takes the place of output_${side}; leave one of them out`);
      if (execution !== undefined && body[`version_${side}`] !== undefined)
        refuse(`version_${side}`, `is the execution's; leave it out`);
    }
    if (body.input === undefined && body.execution_a === undefined && body.execution_b === undefined)
      refuse("input", "is required where no execution tells it");
    if (body.output_a !== undefined && body.output_a === body.output_b)
      refuse("output_b", "is the same as output_a: there is nothing to compare");
    if (body.strength !== undefined && body.preferred === undefined)
      refuse("strength", "belongs to a preferred output");
  });

/** Makes pairs of what different versions answered to the same input in production. */
export interface PairExecutions {
  agent_id: string;
  /** Executions of the last so many days. */
  days: number;
  /** Pairs at most. */
  limit: number;
}

export const pairExecutions: z.ZodType<PairExecutions> = z.object({
  agent_id: agentReference,
  days: z.number().int().min(1).max(365).default(30),
  limit: z.number().int().min(1).max(200).default(50),
});

export interface PairedExecutions {
  /** The new examples, which wait for people to judge them. */
  example_ids: string[];
}

export const pairedExecutions: z.ZodType<PairedExecutions> = z.object({ example_ids: z.array(uuid) });

/** How strongly people prefer what one version answers. */
export interface VersionStrength {
  version_id: string;
  number: number;
  /** In logits above the mean of all versions, with a 95 % interval over the people who judged. */
  strength: number;
  lower: number;
  upper: number;
  wins: number;
  losses: number;
  ties: number;
}

/** What people prefer, from approved pairs as they are now. */
export interface AgentPreferences {
  agent_id: string;
  /** Judgements, ties among them, and the people they are from. */
  judgements: number;
  ties: number;
  people: number;
  /** Strongest first (Bradley and Terry); pairs of which both versions are known. */
  versions: VersionStrength[];
  /** The newest pairs were looked at, and there are more. */
  truncated: boolean;
  computed_at: string;
}

const count = z.number().int();

export const agentPreferences: z.ZodType<AgentPreferences> = z.object({
  agent_id: uuid,
  judgements: count,
  ties: count,
  people: count,
  versions: z.array(
    z.object({
      version_id: uuid,
      number: count,
      strength: z.number(),
      lower: z.number(),
      upper: z.number(),
      wins: count,
      losses: count,
      ties: count,
    }),
  ),
  truncated: z.boolean(),
  computed_at: timestamp,
});
