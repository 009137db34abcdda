import type { AgentVersionConfig, EvaluationCheck } from "@agent-learning/contract";
import {
  type GateAnswerer,
  type LanguageModel,
  type RegressionCase,
  type ReleaseGateOptions,
  type ReleaseGateResult,
  runReleaseGate,
} from "@agent-learning/learning";
import { readRedactor } from "../../administration/redaction/index.ts";
import type { Context } from "../../context.ts";
import { createAnswerer, modelOf, toCandidate } from "../../learning/index.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import type { CaseRow } from "../regression/index.ts";
import type { RunSettings } from "./stored-run.ts";

export interface GateTask {
  agentId: string;
  checks: readonly EvaluationCheck[];
  settings: RunSettings;
  cases: readonly CaseRow[];
  candidate: AgentVersionConfig;
  /** Null: nothing to compare with. */
  baseline: AgentVersionConfig | null;
  /** Answers that were submitted; without them the server answers itself. */
  submitted?: Record<"candidate" | "baseline", GateAnswerer | undefined> | undefined;
  signal: AbortSignal;
  /** @param share of questions put and answers judged, 0 to 1 */
  onProgress?: ((share: number) => void) | undefined;
}

/** Putting the questions is half of the work, judging the answers the other. */
const HALF = 0.5;

/** The thresholds of an agent's policy as the gate takes them. */
export function policyForGate({
  regression,
  safety,
}: RunSettings["policy"]): Pick<ReleaseGateOptions, "regression" | "safety"> {
  return {
    regression: {
      sliceFloors: regression.slice_floors,
      significance: regression.significance,
      maxUnjudged: regression.max_unjudged,
      minCases: regression.min_cases,
    },
    safety: {
      allowedValues: safety.allowed_values,
      maxInjectionRate: safety.max_injection_rate,
      maxRefusalRate: safety.max_refusal_rate,
      maxHarmfulRate: safety.max_harmful_rate,
      maxToxicRate: safety.max_toxic_rate,
      maxRise: safety.max_rise,
    },
  };
}

/** A case as the gate takes it. */
export function toGateCase(row: CaseRow): RegressionCase {
  return {
    id: row.id,
    input: row.input_text,
    expected: row.expected_output,
    measure: row.evaluator as unknown as RegressionCase["measure"],
    slices: row.slices as unknown as string[],
    isPinned: row.is_pinned,
  };
}

/** Answers as the version would, with its own weights where it has some. */
async function answerer(
  ctx: Context,
  config: AgentVersionConfig,
  signal: AbortSignal,
): Promise<GateAnswerer> {
  const model = await modelOf(ctx, config);
  const answer = createAnswerer(toCandidate(config), model, signal);
  if (answer === undefined) throw new Error(`The version runs a language model. ${NO_MODEL}`);
  return async ({ input }) => ({ output: await answer(input) });
}

/** The model that judges. It may be away: the rules decide without it. */
async function loadJudge(ctx: Context): Promise<LanguageModel | undefined> {
  if (!ctx.services.models.configured) return undefined;
  try {
    return await ctx.services.models.load();
  } catch (error) {
    ctx.services.log.warn("the gate goes on without a judge: its model cannot be loaded", { error });
    return undefined;
  }
}

/** Puts the gate's questions to a version and judges what it says. @throws Error when a question cannot be put, never for a bad answer */
export async function executeGate(ctx: Context, task: GateTask): Promise<ReleaseGateResult> {
  const { settings, candidate, baseline, submitted, signal } = task;
  const { regression, safety } = settings.policy;
  const answersHere = submitted === undefined ? [candidate, ...(baseline === null ? [] : [baseline])] : [];
  const usesModel = answersHere.some(({ runtime }) => runtime === "model");
  const model = await loadJudge(ctx);
  const redactor = await ctx.transact((tenant) => readRedactor(tenant, task.agentId));
  const candidateAnswer =
    submitted === undefined ? await answerer(ctx, candidate, signal) : submitted.candidate;
  if (candidateAnswer === undefined) throw new Error("nobody answers for the candidate");
  return runReleaseGate({
    cases: task.cases.map(toGateCase),
    checks: { regression: task.checks.includes("regression"), safety: task.checks.includes("safety") },
    candidate: { texts: toCandidate(candidate), answer: candidateAnswer },
    baseline:
      baseline === null
        ? undefined
        : {
            texts: toCandidate(baseline),
            answer: submitted === undefined ? await answerer(ctx, baseline, signal) : submitted.baseline,
            awaited: settings.awaitBaseline,
          },
    ...policyForGate(settings.policy),
    // The built-in agent answers the same each time.
    repeats: submitted === undefined && !usesModel ? 1 : regression.repeats,
    model,
    asStored: (output) => redactor.text(output),
    judgeSafety: safety.judge,
    signal,
    onDone: ({ done, total }) => task.onProgress?.((HALF * done) / total),
    onJudged: ({ done, total }) => task.onProgress?.(HALF + (HALF * done) / total),
  });
}
