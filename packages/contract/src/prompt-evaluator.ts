import { z } from "zod";
import { jsonObject, type JsonValue } from "./json.ts";

/** How an answer is scored while a prompt is optimised, by kind. */
export const PROMPT_EVALUATORS = [
  "exact",
  "normalised",
  "contains",
  "numeric",
  "regex",
  "json_fields",
  "json_schema",
  "embedding_similarity",
  "judge",
  "webhook",
  "preferences",
] as const;

/** An evaluator with its options. */
export type PromptEvaluator =
  /** The expected text. `normalised`: but for case, white space and punctuation at the ends. `contains`: it stands in the answer. */
  | { kind: "exact" | "normalised" | "contains" }
  /** The last number of the answer is the expected one, within either tolerance. */
  | { kind: "numeric"; absolute?: number | undefined; relative?: number | undefined }
  /** ECMAScript pattern; what a group named `answer` captures must also equal the expected text. */
  | { kind: "regex"; pattern: string; flags?: string | undefined }
  /** Weighted share of the expected JSON's fields, or of the named ones, that the answer has. */
  | {
      kind: "json_fields";
      fields?: string[] | undefined;
      weights?: Record<string, number> | undefined;
    }
  /** The answer is JSON that fits the schema; then, where the expected output is JSON, its fields are scored. */
  | {
      kind: "json_schema";
      schema: Record<string, JsonValue>;
      fields?: string[] | undefined;
      weights?: Record<string, number> | undefined;
    }
  /** Cosine of the texts' vectors by the configured embedder. `threshold`: from which an answer counts as right. */
  | { kind: "embedding_similarity"; threshold?: number | undefined }
  /**
   * The configured language model decides by the rubric. Its word counts only where it proves good enough on answers that experts
   * judged: `calibrate_on` names what of their annotations the rubric is about.
   */
  | { kind: "judge"; rubric: string; calibrate_on: JudgedAspect }
  /**
   * A scorer of the caller's own: it gets `{ input, output, expected }` by POST and answers
   * `{ "score": 0 to 1, "feedback"?: text, "objectives"?: { name: 0 to 1 } }`.
   */
  | { kind: "webhook"; url: string; objectives?: string[] | undefined }
  /**
   * Where people say which answer is better and nobody which is right: candidates are compared in pairs by the configured language model,
   * once it proves to prefer what people preferred. A choice, not a proof: what is chosen goes to an A/B test. Of the main evaluator.
   */
  | { kind: "preferences"; rubric: string };

/** What experts say of an answer: approved or rejected, or one dimension, passed from 0.7. */
export const JUDGED_ASPECTS = [
  "decision",
  "technical_accuracy",
  "professional_quality",
  "completeness",
  "clarity",
] as const;
export type JudgedAspect = (typeof JUDGED_ASPECTS)[number];

function isPattern({ pattern, flags }: { pattern: string; flags?: string | undefined }): boolean {
  try {
    return new RegExp(pattern, flags ?? "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const fields = z.array(z.string().min(1).max(200)).min(1).max(100).optional();
const weights = z.record(z.string().min(1).max(200), z.number().min(0).max(1_000_000)).optional();
const tolerance = z.number().min(0).optional();

export const promptEvaluator: z.ZodType<PromptEvaluator> = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["exact", "normalised", "contains"]) }),
  z.object({ kind: z.literal("numeric"), absolute: tolerance, relative: tolerance }),
  z
    .object({
      kind: z.literal("regex"),
      pattern: z.string().min(1).max(500),
      flags: z
        .string()
        .regex(/^[imsuv]{0,4}$/, "may hold i, m, s, u and v")
        .optional(),
    })
    .refine(isPattern, { path: ["pattern"], error: "is not a regular expression with these flags" }),
  z.object({ kind: z.literal("json_fields"), fields, weights }),
  z.object({ kind: z.literal("json_schema"), schema: jsonObject, fields, weights }),
  z.object({
    kind: z.literal("embedding_similarity"),
    threshold: z.number().gt(0).max(1).optional(),
  }),
  z.object({
    kind: z.literal("judge"),
    rubric: z.string().trim().min(1).max(4_000),
    calibrate_on: z.enum(JUDGED_ASPECTS).default("decision"),
  }),
  z.object({
    kind: z.literal("webhook"),
    url: z.url().max(2_000),
    objectives: z.array(z.string().min(1).max(64)).max(20).optional(),
  }),
  z.object({ kind: z.literal("preferences"), rubric: z.string().trim().min(1).max(4_000) }),
]) as unknown as z.ZodType<PromptEvaluator>;

/** What an optimisation of a prompt aims at, and what it may take: in the body of `optimize-prompt`, and a run's `config`. */
export interface PromptSettings {
  optimization_goals: string[];
  /** Relative weights of goals; 1 for those that are not named. */
  goal_weights?: Record<string, number> | undefined;
  /** Says whether an answer is right: the goal `accuracy`. */
  evaluator: PromptEvaluator;
  /** Measures further goals, each a key of its own, such as a judge for `clarity`. */
  goal_evaluators?: Record<string, PromptEvaluator> | undefined;
  /** Calls to the model at most, in the search, and as many again for a judge; the gate's calls are counted beside them. */
  budget_calls: number;
  /** Prompt and completion tokens of the search at most. */
  budget_tokens?: number | undefined;
  /** Cost of the search at most, in the currency of the configured prices. */
  budget_cost?: number | undefined;
  seed: number;
  /** The prompt to start from; without it, the version in production. */
  current_prompt?: string | undefined;
}

const goal = z.string().min(1).max(64);

export const promptSettingsShape: { [K in keyof Required<PromptSettings>]: z.ZodType<PromptSettings[K]> } = {
  optimization_goals: z.array(goal).min(1).max(10).default(["accuracy"]),
  goal_weights: z.record(goal, z.number().gt(0).max(1_000)).optional(),
  evaluator: promptEvaluator.default({ kind: "normalised" }),
  goal_evaluators: z.record(goal, promptEvaluator).optional(),
  budget_calls: z.number().int().min(1).max(1_000_000).default(400),
  budget_tokens: z.number().int().min(1).max(1e12).optional(),
  budget_cost: z.number().gt(0).max(1e9).optional(),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  current_prompt: z.string().min(1).max(100_000).optional(),
};

/** Weights and evaluators belong to goals that are asked for. */
export function refuseUnaskedGoals(
  settings: Pick<PromptSettings, "optimization_goals" | "goal_weights" | "goal_evaluators">,
  context: z.RefinementCtx,
): void {
  for (const field of ["goal_weights", "goal_evaluators"] as const) {
    for (const name of Object.keys(settings[field] ?? {})) {
      if (settings.optimization_goals.includes(name)) continue;
      context.addIssue({
        code: "custom",
        path: [field, name],
        message: `names a goal that is not in optimization_goals: ${settings.optimization_goals.join(", ")}`,
      });
    }
  }
}

export const promptSettings: z.ZodType<PromptSettings> = z
  .object(promptSettingsShape)
  .superRefine(refuseUnaskedGoals);
