import { z } from "zod";
import { agentReference, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { CASE_EVALUATORS } from "./regression-case.ts";
import { optionalText } from "./text.ts";
import { type DatasetInfluence, datasetInfluence } from "./trust.ts";

export const EVALUATION_CHECKS = ["regression", "safety"] as const;
export type EvaluationCheck = (typeof EVALUATION_CHECKS)[number];

export const EVALUATION_STATUSES = [
  "pending",
  "waiting",
  "running",
  "completed",
  "failed",
  "cancelled",
] as const;
export type EvaluationStatus = (typeof EVALUATION_STATUSES)[number];

export const EVALUATION_VERDICTS = ["passed", "failed", "inconclusive"] as const;
export type EvaluationVerdict = (typeof EVALUATION_VERDICTS)[number];

/** A version held to the agent's cases and to the safety checks before it meets traffic. */
export interface EvaluationRun {
  id: string;
  agent_id: string;
  candidate_version_id: string;
  /** What it is compared with: the version in production; null where there is none, or it is the candidate itself. */
  baseline_version_id: string | null;
  training_run_id: string | null;
  /** `waiting`: answers have to be submitted, see its questions. `failed`: no verdict could be reached; `error` says why. */
  status: EvaluationStatus;
  /** `caller`: only the user's own agent can answer, and its answers are submitted. */
  answered_by: "server" | "caller";
  checks: EvaluationCheck[];
  verdict: EvaluationVerdict | null;
  sentence: string | null;
  error: string | null;
  /** Answers that are missing. */
  pending_answers: number;
  created_by: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
}

export const CASE_STATUSES = [
  "passed",
  "broken",
  "still_failing",
  "failed",
  "quarantined",
  "not_judged",
] as const;

export interface EvaluatedCase {
  case_id: string;
  /**
   * `broken`: pinned, wrong, and right before. `still_failing`: the baseline fails at it as well. `quarantined`: it measures chance.
   * `not_judged`: its evaluator failed.
   */
  status: (typeof CASE_STATUSES)[number];
  slices: string[];
  is_pinned: boolean;
  /** How it is judged; of `differs`, `expected_output` is the answer that must not be given. */
  evaluator: (typeof CASE_EVALUATORS)[number];
  /** Share of attempts that passed, 0 to 1; null: none was judged. */
  candidate_share: number | null;
  baseline_share: number | null;
  candidate_attempts: number;
  baseline_attempts: number;
  flakiness: number | null;
  expected_output: string;
  /** The candidate's first wrong answer, or its first. */
  output: string | null;
  reason: string | null;
}

export interface RegressionReport {
  cases: EvaluatedCase[];
  slices: {
    slice: string;
    cases: number;
    pass_rate: number | null;
    baseline_pass_rate: number | null;
    floor: number | null;
    held: boolean;
  }[];
  /** Candidate against baseline over all cases that both answered; null without any. */
  paired: {
    cases: number;
    test: "mcnemar" | "paired_bootstrap";
    wins: number;
    losses: number;
    difference: number;
    interval: number[];
    p_value: number;
    is_worse: boolean;
  } | null;
}

export const SAFETY_CHECK_NAMES = [
  "personal_data",
  "secrets",
  "prompt_injection",
  "refusals",
  "harmful_requests",
  "toxicity",
  "toxicity_judged",
  "harmful_requests_judged",
] as const;

export interface SafetyReport {
  checks: {
    name: (typeof SAFETY_CHECK_NAMES)[number];
    verdict: "passed" | "failed" | "not_run";
    measured_by: "rules" | "judge";
    cases: number;
    candidate_rate: number | null;
    baseline_rate: number | null;
    limit: number | null;
    /** Excerpts never show a sensitive value. */
    findings: { place: string; label: string; excerpt: string; in_baseline: boolean }[];
    sentence: string;
    /** How the judge did on labelled answers. */
    calibration?: { sensitivity: number; specificity: number; labelled: number; usable: boolean } | undefined;
  }[];
}

export interface EvaluationRunDetails extends EvaluationRun {
  /** Null until it is completed, or when the check was not asked for. */
  regression: ({ verdict: EvaluationVerdict; sentence: string } & RegressionReport) | null;
  safety: ({ verdict: EvaluationVerdict; sentence: string } & SafetyReport) | null;
  /** What the contributors of the dataset do that the version was trained on; null: it was trained on none. */
  contributors: DatasetInfluence | null;
}

const runShape = {
  id: uuid,
  agent_id: uuid,
  candidate_version_id: uuid,
  baseline_version_id: uuid.nullable(),
  training_run_id: uuid.nullable(),
  status: z.enum(EVALUATION_STATUSES),
  answered_by: z.enum(["server", "caller"]),
  checks: z.array(z.enum(EVALUATION_CHECKS)),
  verdict: z.enum(EVALUATION_VERDICTS).nullable(),
  sentence: z.string().nullable(),
  error: z.string().nullable(),
  pending_answers: z.number().int(),
  created_by: uuid.nullable(),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  completed_at: timestamp.nullable(),
};

export const evaluationRun: z.ZodType<EvaluationRun> = z.object(runShape);

const evaluatedCase: z.ZodType<EvaluatedCase> = z.object({
  case_id: uuid,
  status: z.enum(CASE_STATUSES),
  slices: z.array(z.string()),
  is_pinned: z.boolean(),
  evaluator: z.enum(CASE_EVALUATORS),
  candidate_share: z.number().nullable(),
  baseline_share: z.number().nullable(),
  candidate_attempts: z.number().int(),
  baseline_attempts: z.number().int(),
  flakiness: z.number().nullable(),
  expected_output: z.string(),
  output: z.string().nullable(),
  reason: z.string().nullable(),
});

const verdictShape = { verdict: z.enum(EVALUATION_VERDICTS), sentence: z.string() };

const regressionShape = {
  cases: z.array(evaluatedCase),
  slices: z.array(
    z.object({
      slice: z.string(),
      cases: z.number().int(),
      pass_rate: z.number().nullable(),
      baseline_pass_rate: z.number().nullable(),
      floor: z.number().nullable(),
      held: z.boolean(),
    }),
  ),
  paired: z
    .object({
      cases: z.number().int(),
      test: z.enum(["mcnemar", "paired_bootstrap"]),
      wins: z.number().int(),
      losses: z.number().int(),
      difference: z.number(),
      interval: z.array(z.number()),
      p_value: z.number(),
      is_worse: z.boolean(),
    })
    .nullable(),
};

const safetyShape = {
  checks: z.array(
    z.object({
      name: z.enum(SAFETY_CHECK_NAMES),
      verdict: z.enum(["passed", "failed", "not_run"]),
      measured_by: z.enum(["rules", "judge"]),
      cases: z.number().int(),
      candidate_rate: z.number().nullable(),
      baseline_rate: z.number().nullable(),
      limit: z.number().nullable(),
      findings: z.array(
        z.object({ place: z.string(), label: z.string(), excerpt: z.string(), in_baseline: z.boolean() }),
      ),
      sentence: z.string(),
      calibration: z
        .object({
          sensitivity: z.number(),
          specificity: z.number(),
          labelled: z.number().int(),
          usable: z.boolean(),
        })
        .optional(),
    }),
  ),
};

export const evaluationRunDetails: z.ZodType<EvaluationRunDetails> = z.object({
  ...runShape,
  regression: z.object({ ...verdictShape, ...regressionShape }).nullable(),
  safety: z.object({ ...verdictShape, ...safetyShape }).nullable(),
  contributors: datasetInfluence.nullable(),
});

export interface CreateEvaluationRun {
  agent_id: string;
  version_id: string;
  checks: EvaluationCheck[];
  answered_by: "server" | "caller";
  /**
   * Where a caller answers: whether the baseline's answers are submitted as well. Without them, those of the last completed run of
   * that version are taken, and a question that has none is held to no baseline.
   */
  baseline_answers: "stored" | "submitted";
}

export const createEvaluationRun: z.ZodType<CreateEvaluationRun> = z.object({
  agent_id: agentReference,
  version_id: uuid,
  checks: z
    .array(z.enum(EVALUATION_CHECKS))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: "must not repeat a check" })
    .default([...EVALUATION_CHECKS]),
  answered_by: z.enum(["server", "caller"]).default("server"),
  baseline_answers: z.enum(["stored", "submitted"]).default("stored"),
});

export const evaluationRunQuery: z.ZodType<{
  limit: number;
  cursor?: string | undefined;
  agent_id?: string | undefined;
  version_id?: string | undefined;
}> = pageQuery.extend({ agent_id: agentReference.optional(), version_id: uuid.optional() });

/** One answer that a run waits for. */
export interface EvaluationQuestion {
  question_id: string;
  side: "candidate" | "baseline";
  /** Counted from 1: a disputed case is asked again, and the agent is to answer anew. */
  attempt: number;
  kind: string;
  input_text: string;
  input_context: Record<string, JsonValue>;
}

export interface EvaluationQuestions {
  data: EvaluationQuestion[];
  /** Of all that are missing, those that this answer does not show. */
  further: number;
}

export const evaluationQuestions: z.ZodType<EvaluationQuestions> = z.object({
  data: z.array(
    z.object({
      question_id: z.string(),
      side: z.enum(["candidate", "baseline"]),
      attempt: z.number().int(),
      kind: z.string(),
      input_text: z.string(),
      input_context: jsonObject,
    }),
  ),
  further: z.number().int(),
});

/** What the agent said, or why it said nothing. */
export interface EvaluationAnswer {
  question_id: string;
  side: "candidate" | "baseline";
  attempt: number;
  output?: string | undefined;
  error?: string | undefined;
}

export const MOST_ANSWERS = 200;

export const submitEvaluationAnswers: z.ZodType<{ answers: EvaluationAnswer[] }> = z.object({
  answers: z
    .array(
      z
        .object({
          question_id: z.string().min(1).max(100),
          side: z.enum(["candidate", "baseline"]).default("candidate"),
          attempt: z.number().int().min(1).max(9).default(1),
          output: optionalText.optional(),
          error: z.string().trim().min(1).max(2_000).optional(),
        })
        .refine(({ output, error }) => (output === undefined) !== (error === undefined), {
          error: "give either output or error",
          path: ["output"],
        }),
    )
    .min(1)
    .max(MOST_ANSWERS),
});
