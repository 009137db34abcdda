import {
  type Candidate,
  createDemonstrationsAgentCache,
  createRowEvaluator,
  type Demonstration,
  EvaluationCache,
  type LanguageModel,
  Ledger,
  normalised,
  type Row,
} from "@agent-learning/learning";
import { INSTRUCTION } from "./card-intents.ts";

export function seedCandidate(): Candidate {
  return {
    runtime: "model",
    components: { system_prompt: INSTRUCTION },
    demonstrations: [],
    parameters: { temperature: 0, max_tokens: 16 },
  };
}

export function demonstrationsOf(rows: readonly Row[]): Demonstration[] {
  return rows.map(({ id, input, expected }) => ({ input, output: expected, exampleId: id }));
}

export interface Score {
  right: number;
  rows: number;
  promptTokens: number;
  completionTokens: number;
  seconds: number;
}

/** Accuracy of a candidate on rows that it was not made from. */
export async function scoreCandidate(
  model: LanguageModel,
  candidate: Candidate,
  rows: readonly Row[],
): Promise<Score> {
  const ledger = new Ledger();
  const evaluate = createRowEvaluator({
    model,
    evaluator: normalised,
    cache: new EvaluationCache(),
    agents: createDemonstrationsAgentCache(),
    leaveOneOut: false,
    concurrency: 4,
  });
  const started = performance.now();
  const evaluated = await evaluate(candidate, rows, ledger);
  const failure = evaluated.find((row) => row.failure !== undefined)?.failure;
  if (failure !== undefined) throw new Error(`A test row could not be answered: ${failure}`);
  const { promptTokens, completionTokens } = ledger.total();
  return {
    right: evaluated.reduce((sum, row) => sum + row.score, 0),
    rows: evaluated.length,
    promptTokens,
    completionTokens,
    seconds: (performance.now() - started) / 1000,
  };
}
