import { type Evaluation, type Evaluator, type EvaluatorInput, evaluateSafely } from "./evaluator.ts";

export interface Goal {
  name: string;
  /** Relative weight in the score; default 1. */
  weight?: number;
}

export interface Objective {
  goal: string;
  weight: number;
  /** Whether the quantity itself should rise or fall. As an objective it is always 0 to 1, higher = better. */
  direction: "maximize" | "minimize";
  /** How it is measured, for people. */
  measuredBy: string;
}

export interface UnmeasuredGoal {
  goal: string;
  reason: string;
}

export interface ResolvedGoals {
  /** Its score is the weighted mean of the objectives. */
  evaluator: Evaluator;
  objectives: Objective[];
  /** Goals that nothing in this set-up measures. They have no influence on the result. */
  unmeasured: UnmeasuredGoal[];
}

export interface GoalSetup {
  /** Says whether an output is right. */
  evaluator: Evaluator;
  /** Evaluators for further goals by name, such as a judge for clarity. */
  goalEvaluators?: Readonly<Record<string, Evaluator>>;
  /** Why a goal's evaluator cannot be used, by goal; such a goal is unmeasured. */
  unusable?: Readonly<Record<string, string>>;
  /** Tokens of one answer that count as wholly inefficient. */
  tokenScale?: number;
}

interface MeasuredObjective extends Objective {
  measure(input: EvaluatorInput, primary: Evaluation): number | Promise<number>;
}

const ALIASES: Readonly<Record<string, string>> = {
  correctness: "accuracy",
  brevity: "conciseness",
  efficiency: "cost",
  tokens: "cost",
};
const NEEDS_JUDGE = new Set(["clarity", "helpfulness", "completeness", "tone", "professional_quality"]);

/**
 * Turns goal names into weighted objectives. Known by themselves: accuracy (the evaluator's score), format (where the
 * evaluator measures it), conciseness (length against the expected output), cost (tokens). Any other goal needs an evaluator
 * of its name in `goalEvaluators`; without one it is listed as unmeasured. With no measurable goal, accuracy alone counts.
 */
export function resolveGoals(goals: readonly (string | Goal)[], setup: GoalSetup): ResolvedGoals {
  const measured: MeasuredObjective[] = [];
  const unmeasured: UnmeasuredGoal[] = [];
  for (const { name, weight = 1 } of goals.map(toGoal)) {
    if (measured.some((objective) => objective.goal === name)) continue;
    const usable = weight > 0 && Number.isFinite(weight) && setup.unusable?.[name] === undefined;
    const objective = usable ? findObjective(name, weight, setup) : undefined;
    if (objective) measured.push(objective);
    else unmeasured.push({ goal: name, reason: setup.unusable?.[name] ?? explain(name, weight) });
  }
  if (measured.length === 0) measured.push(accuracy(1));
  return {
    evaluator: combine(setup.evaluator, measured),
    objectives: measured.map(({ goal, weight, direction, measuredBy }) => ({
      goal,
      weight,
      direction,
      measuredBy,
    })),
    unmeasured,
  };
}

function toGoal(goal: string | Goal): Goal {
  const { name, weight } = typeof goal === "string" ? { name: goal, weight: 1 } : goal;
  return { name: goalName(name), weight: weight ?? 1 };
}

/** The name under which a goal is known here: "Tax-accuracy" is `tax_accuracy`, "efficiency" is `cost`. */
export function goalName(name: string): string {
  const folded = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, "_");
  return (Object.hasOwn(ALIASES, folded) ? ALIASES[folded] : undefined) ?? folded;
}

function findObjective(name: string, weight: number, setup: GoalSetup): MeasuredObjective | undefined {
  const own = setup.goalEvaluators?.[name];
  if (own) {
    return {
      goal: name,
      weight,
      direction: "maximize",
      measuredBy: `the evaluator given for ${name}`,
      measure: async (input) => (await evaluateSafely(own, input)).score,
    };
  }
  if (name === "accuracy") return accuracy(weight);
  if (name === "conciseness") return conciseness(weight);
  if (name === "cost") return cost(weight, setup.tokenScale ?? 4000);
  if (!setup.evaluator.measures?.includes(name)) return undefined;
  return {
    goal: name,
    weight,
    direction: "maximize",
    measuredBy: "the evaluator's own measurement",
    measure: (_input, primary) => primary.objectives[name] ?? 0,
  };
}

function accuracy(weight: number): MeasuredObjective {
  return {
    goal: "accuracy",
    weight,
    direction: "maximize",
    measuredBy: "comparison with the expected output",
    measure: (_input, primary) => primary.score,
  };
}

function conciseness(weight: number): MeasuredObjective {
  return {
    goal: "conciseness",
    weight,
    direction: "minimize",
    measuredBy: "length of the output against the expected output",
    measure: ({ output, expected }) =>
      Math.min(1, Math.max(1, expected.trim().length) / Math.max(1, output.trim().length)),
  };
}

function cost(weight: number, tokenScale: number): MeasuredObjective {
  return {
    goal: "cost",
    weight,
    direction: "minimize",
    measuredBy: `prompt and completion tokens of an answer, 1 at none and 0 at ${tokenScale}`,
    measure: ({ tokens = 0 }) => Math.max(0, 1 - tokens / tokenScale),
  };
}

function explain(name: string, weight: number): string {
  if (!(weight > 0)) return "Its weight is not above 0.";
  if (NEEDS_JUDGE.has(name)) return "It takes a calibrated judge, and none is configured.";
  if (name === "latency" || name === "speed") return "It is measured in the experiment, on live traffic.";
  return "No evaluator measures it.";
}

function combine(primary: Evaluator, objectives: readonly MeasuredObjective[]): Evaluator {
  const total = objectives.reduce((sum, objective) => sum + objective.weight, 0);
  const evaluator: Evaluator = async (input) => {
    const evaluation = await evaluateSafely(primary, input);
    const values: Record<string, number> = { ...evaluation.objectives };
    let score = 0;
    for (const objective of objectives) {
      const value = await objective.measure(input, evaluation);
      values[objective.goal] = value;
      score += (objective.weight / total) * value;
    }
    return { score, feedback: evaluation.feedback, objectives: values };
  };
  return Object.assign(evaluator, { measures: objectives.map((objective) => objective.goal) });
}
