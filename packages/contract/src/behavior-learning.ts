import { z } from "zod";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

export interface BehaviorPatternsQuery {
  /** The agent's runs of the last so many days. */
  days: number;
}

export const behaviorPatternsQuery: z.ZodType<BehaviorPatternsQuery> = z.object({
  days: z.coerce.number().int().min(1).max(3_650).default(90),
});

/** One tool of a workflow. */
export interface WorkflowTool {
  tool: string;
  calls: number;
  runs: number;
  /** Share of the calls of which somebody said whether they failed, with a 95 % interval; null: nobody said. */
  failure_rate: { estimate: number; lower: number; upper: number } | null;
  duration_ms: { mean: number; median: number } | null;
  /** Examples (of experts) or executions (of the agent) in which it was called, at most 20: those in which it failed first. */
  run_ids: string[];
}

/** How often a call directly followed another one; `(start)` and `(end)` are the ends of a run. */
export interface WorkflowStep {
  from: string;
  to: string;
  count: number;
  runs: number;
  /** Of everything that followed `from`. */
  share: number;
  /** Examples or executions in which it happened, at most 5. */
  run_ids: string[];
}

export interface Workflow {
  runs: number;
  tools: WorkflowTool[];
  /** The 500 most frequent. */
  steps: WorkflowStep[];
}

/** Tools that many runs call in this order, others between them or not; no longer order is in exactly the same runs. */
export interface WorkflowPattern {
  tools: string[];
  expert: { runs: number; of: number };
  agent: { runs: number; of: number };
  /** Examples and executions that show it, at most 5 of each. */
  example_ids: string[];
  execution_ids: string[];
}

/** Something that experts do significantly more often than the agent, or the other way round. */
export interface BehaviorDeparture {
  /** In this order; others may stand between. */
  tools: string[];
  direction: "experts_do" | "agent_does";
  expert: { runs: number; of: number };
  agent: { runs: number; of: number };
  /** Fisher's exact test, two-sided. */
  p_value: number;
  /** Adjusted so that of those listed a share of 5 % is expected to be false. */
  adjusted_p_value: number;
  contributors: number;
  /** Examples or executions that show it. */
  evidence_ids: string[];
  /** What the next run of behaviour learning would propose; null where a name could be anything but a tool's. */
  rule: { id: string; text: string; helpful: number; harmful: number } | null;
}

export interface BehaviorPatterns {
  agent_id: string;
  experts: Workflow;
  agent: Workflow;
  /** How much of experts' runs the agent's workflow knows, 0 to 1. */
  replay_fitness: number | null;
  /** How well the next call of experts is told by the calls before it, on runs left out. */
  next_tool: {
    accuracy: number;
    bigram_accuracy: number;
    gain_lower_bound: number;
    predictions: number;
  } | null;
  departures: BehaviorDeparture[];
  /** Of two tools or more, those in most runs first; at most 100. */
  patterns: WorkflowPattern[];
  /** Patterns that were compared. */
  patterns_tested: number;
  /** Too many patterns were frequent, or too many runs there: the rest was left out. */
  truncated: boolean;
  computed_at: string;
}

const rate = z.object({ estimate: z.number(), lower: z.number(), upper: z.number() });
const workflow: z.ZodType<Workflow> = z.object({
  runs: z.number().int(),
  tools: z.array(
    z.object({
      tool: z.string(),
      calls: z.number().int(),
      runs: z.number().int(),
      failure_rate: rate.nullable(),
      duration_ms: z.object({ mean: z.number(), median: z.number() }).nullable(),
      run_ids: z.array(z.string()),
    }),
  ),
  steps: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      count: z.number().int(),
      runs: z.number().int(),
      share: z.number(),
      run_ids: z.array(z.string()),
    }),
  ),
});
const side = z.object({ runs: z.number().int(), of: z.number().int() });

export const behaviorPatterns: z.ZodType<BehaviorPatterns> = z.object({
  agent_id: uuid,
  experts: workflow,
  agent: workflow,
  replay_fitness: z.number().nullable(),
  next_tool: z
    .object({
      accuracy: z.number(),
      bigram_accuracy: z.number(),
      gain_lower_bound: z.number(),
      predictions: z.number().int(),
    })
    .nullable(),
  departures: z.array(
    z.object({
      tools: z.array(z.string()),
      direction: z.enum(["experts_do", "agent_does"]),
      expert: side,
      agent: side,
      p_value: z.number(),
      adjusted_p_value: z.number(),
      contributors: z.number().int(),
      evidence_ids: z.array(z.string()),
      rule: z
        .object({ id: z.string(), text: z.string(), helpful: z.number(), harmful: z.number() })
        .nullable(),
    }),
  ),
  patterns: z.array(
    z.object({
      tools: z.array(z.string()),
      expert: side,
      agent: side,
      example_ids: z.array(z.string()),
      execution_ids: z.array(z.string()),
    }),
  ),
  patterns_tested: z.number().int(),
  truncated: z.boolean(),
  computed_at: timestamp,
});
