import type { JudgedAspect, PromptEvaluator, PromptSettings } from "@agent-learning/contract";
import {
  correctedScore,
  type Evaluator,
  type FinalistReport,
  goalName,
  type JudgeCalibration,
  measureJudge,
  type ResolvedGoals,
  resolveGoals,
} from "@agent-learning/learning";
import type { AnnotatedExample } from "../store.ts";
import { createEvaluator, type EvaluatorTools } from "./create-evaluator.ts";
import { labelledAnswers } from "./labelled-answers.ts";

/** How well a judge did on answers that experts judged, by the goal that it measures. */
export type Calibrations = Record<string, JudgeCalibration & { calibrate_on: JudgedAspect }>;

export interface PreparedEvaluators {
  goals: ResolvedGoals;
  calibrations: Calibrations;
  /** Why nothing can be scored; undefined: it can. */
  refusal: string | undefined;
}

export interface PrepareOptions {
  settings: PromptSettings;
  tools: EvaluatorTools;
  /** Asked only where there is a judge to measure. */
  annotated: () => Promise<AnnotatedExample[]>;
  /** What an interrupted run measured. */
  known: Calibrations | undefined;
  signal: AbortSignal;
}

const MAIN = "accuracy";

/** The evaluators that a run asked for, as one; judges are measured first, and one that does not agree with experts has no say. */
export async function prepareEvaluators(options: PrepareOptions): Promise<PreparedEvaluators> {
  const { settings, tools } = options;
  const calibrations: Calibrations = {};
  let annotated: AnnotatedExample[] | undefined;
  const make = async (asked: PromptEvaluator, goal: string): Promise<Evaluator> => {
    const evaluator = createEvaluator(asked, goal, tools);
    if (asked.kind !== "judge") return evaluator;
    annotated ??= await options.annotated();
    const measured =
      options.known?.[goal] ??
      (await measureJudge({
        judge: evaluator,
        answers: labelledAnswers(annotated, asked.calibrate_on),
        signal: options.signal,
      }));
    calibrations[goal] = { ...measured, calibrate_on: asked.calibrate_on };
    return evaluator;
  };

  const main = await make(settings.evaluator, MAIN);
  const goalEvaluators: Record<string, Evaluator> = {};
  for (const [name, asked] of Object.entries(settings.goal_evaluators ?? {})) {
    const goal = goalName(name);
    // The main evaluator's own place.
    goalEvaluators[goal] = await make(asked, goal === MAIN ? "accuracy_goal" : goal);
  }
  const refused = Object.entries(calibrations).filter(([, { usable }]) => !usable);
  const goals = resolveGoals(
    settings.optimization_goals.map((name) => {
      const weight = settings.goal_weights?.[name];
      return { name, ...(weight === undefined ? {} : { weight }) };
    }),
    {
      evaluator: main,
      goalEvaluators,
      unusable: Object.fromEntries(refused.map(([goal, { sentence }]) => [goal, sentence])),
    },
  );
  const mainCalibration = calibrations[MAIN];
  return {
    goals,
    calibrations,
    refusal: mainCalibration?.usable === false ? mainCalibration.sentence : undefined,
  };
}

/** What judges said of the gate's rows, corrected by how they err: for the report. */
export function judgedShares(
  calibrations: Calibrations,
  rows: FinalistReport["rows"],
): Record<string, unknown>[] {
  return Object.entries(calibrations).map(([goal, { sensitivity, specificity, ...calibration }]) => {
    const share = (side: "seed" | "candidate"): unknown => {
      const verdicts = rows.flatMap((row) => {
        const { failure, objectives } = row[side];
        const said = objectives[goal];
        return failure === undefined && said !== undefined ? [said] : [];
      });
      const observed = { successes: verdicts.filter((said) => said >= 0.5).length, trials: verdicts.length };
      if (!calibration.usable || observed.trials === 0) return { observed };
      const { estimate, lower, upper } = correctedScore(observed, { sensitivity, specificity });
      return { observed, corrected: estimate, interval: [lower, upper] };
    };
    return {
      goal,
      ...calibration,
      sensitivity,
      specificity,
      baseline: share("seed"),
      candidate: share("candidate"),
    };
  });
}
