import { z } from "zod";
import { uuid } from "./identifiers.ts";
import { type ModelSpending, modelSpending } from "./learning-budget.ts";
import { preferenceSignal, type PreferenceSignal } from "./preference-signal.ts";
import { type AgentVersionDifference, agentVersionDifference, VERSION_REVIEW_STATUSES } from "./version.ts";

/** What a person does next with what a run learned. */
export const NEXT_STEPS = [
  "wait",
  "nothing",
  "review_version",
  "start_experiment",
  "await_experiment",
  "start_rollout",
] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** Candidate less base, row by row, on rows that no optimiser saw. */
export interface RowComparison {
  rows: number;
  wins: number;
  losses: number;
  ties: number;
  baseline_score: number;
  candidate_score: number;
  difference: number;
  /** Of the difference, at 95 %. */
  interval: [number, number];
  /** One-sided, of "the candidate is not better", and the level that it had to keep. */
  p_value: number;
  level: number;
}

/** Mean prompt and completion tokens of one answer on the compared rows; 0 for the built-in agent. */
export interface AnswerTokens {
  prompt: number;
  completion: number;
}

/** What one run learned, as the person who decides needs it. */
export interface RunFindings {
  run_id: string;
  agent_id: string;
  base_version_id: string | null;
  candidate_version_id: string | null;
  /** `promote`, `send_to_experiment`, `reject`, `seed_kept`, or another way of learning's own word; null: it has not ended. */
  outcome: string | null;
  /** In sentences, the deciding one first. */
  reasons: string[];
  next_step: NextStep;
  /** null: there is no candidate. */
  difference: AgentVersionDifference | null;
  review_status: (typeof VERSION_REVIEW_STATUSES)[number] | null;
  /** null: nothing was compared row by row. */
  comparison: RowComparison | null;
  /** What the run spent on language models, its gate included; null: it did not say. */
  spent: ModelSpending | null;
  expected_effect: {
    /** Rise of the score per answer, and its interval at 95 %. */
    score: number | null;
    interval: [number, number] | null;
    /** Share of recent inputs that are answered otherwise, 0 to 1; null: not measured. */
    affected_query_share: number | null;
    answer_tokens: { baseline: AnswerTokens; candidate: AnswerTokens } | null;
  };
  /** What people's preferences say of the candidate's answers; null: the run did not ask. */
  preference: PreferenceSignal | null;
  /** The A/B test of the candidate against its base. */
  experiment: { id: string; status: string } | null;
}

const interval = z.tuple([z.number(), z.number()]);
const tokens = z.object({ prompt: z.number(), completion: z.number() });

export const runFindings: z.ZodType<RunFindings> = z.object({
  run_id: uuid,
  agent_id: uuid,
  base_version_id: uuid.nullable(),
  candidate_version_id: uuid.nullable(),
  outcome: z.string().nullable(),
  reasons: z.array(z.string()),
  next_step: z.enum(NEXT_STEPS),
  difference: agentVersionDifference.nullable(),
  review_status: z.enum(VERSION_REVIEW_STATUSES).nullable(),
  comparison: z
    .object({
      rows: z.number().int(),
      wins: z.number().int(),
      losses: z.number().int(),
      ties: z.number().int(),
      baseline_score: z.number(),
      candidate_score: z.number(),
      difference: z.number(),
      interval,
      p_value: z.number(),
      level: z.number(),
    })
    .nullable(),
  spent: modelSpending.nullable(),
  expected_effect: z.object({
    score: z.number().nullable(),
    interval: interval.nullable(),
    affected_query_share: z.number().nullable(),
    answer_tokens: z.object({ baseline: tokens, candidate: tokens }).nullable(),
  }),
  preference: preferenceSignal.nullable(),
  experiment: z.object({ id: uuid, status: z.string() }).nullable(),
});

export const ROW_OUTCOMES = ["win", "loss", "tie", "failed"] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

/** One row of a run's gate. */
export interface ComparedRow {
  /** The learning example's id. */
  row_id: string;
  /** `failed`: one side could not be asked or scored, and the row was not compared. */
  outcome: RowOutcome;
  /** As the example says it now; null: it is gone. */
  input_text: string | null;
  expected_output: string | null;
  /** The first 2,000 characters; null: not kept, because the row is one of many that tell nothing apart, or erased. */
  baseline_output: string | null;
  candidate_output: string | null;
  baseline_score: number;
  candidate_score: number;
}

export const comparedRow: z.ZodType<ComparedRow> = z.object({
  row_id: z.string(),
  outcome: z.enum(ROW_OUTCOMES),
  input_text: z.string().nullable(),
  expected_output: z.string().nullable(),
  baseline_output: z.string().nullable(),
  candidate_output: z.string().nullable(),
  baseline_score: z.number(),
  candidate_score: z.number(),
});
