import type { Candidate } from "../../candidate.ts";
import type { EvaluatedRow } from "../../evaluation-cache.ts";
import { copiedText } from "../../gate/copied-text.ts";
import { lostLiterals } from "../../gate/lost-literals.ts";
import { DEFAULT_TOKEN_LIMITS, largestTextTokens, textTokens } from "../../gate/token-growth.ts";
import { BudgetExhausted } from "../../ledger.ts";
import { shuffled } from "../../../random.ts";
import type { Random } from "../../../ports.ts";
import type { Row } from "../../rows.ts";
import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
} from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import { selectBest } from "../select-best.ts";
import type { Trial } from "../trial-book.ts";
import { parseProposal } from "./parse-proposal.ts";
import { proposalPrompt } from "./proposal-prompt.ts";

const NAME = "instruction_variants";
const MINIBATCH = 8;
const BLOCK = 20;
const LONGEST_RUN = 12;
/** Proposals in a row without a gain after which the budget is worth more elsewhere. */
const PATIENCE = 4;
const MOST_LABELS = 100;

/**
 * Reflection over failures: the proposer sees a minibatch, half of it failures of the best candidate so far, and
 * rewrites the instruction; a variant that beats its parent on the minibatch is scored on a further block. A proposal that cannot be
 * used (malformed, unchanged, literals lost, rows copied, too long, endpoint failed) costs that proposal, never the run.
 */
export const instructionVariants: Optimizer = {
  name: NAME,
  applies: ({ seed, training }, hasProposer) =>
    hasProposer && seed.runtime === "model" && training.length > 0,
  run,
};

async function* run(
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  const counts = { tried: 0, unusable: 0, better: 0 };
  let idle = 0;
  try {
    for (let step = 0; step < LONGEST_RUN; step += 1) {
      const random = tools.random.fork(`step:${step}`);
      const parent = selectBest(tools.book.trials()).best;
      const batch = await minibatch(parent, tools, random);
      if (!batch.some(({ evaluated }) => evaluated.score < 1)) {
        return { stoppedBecause: "ceiling", notes: [summary(counts)] };
      }
      counts.tried += 1;
      const proposal = await propose(task, tools, parent, batch);
      const message = typeof proposal === "string" ? proposal : await tryOut(proposal, parent, batch, tools);
      if (typeof proposal === "string") counts.unusable += 1;
      const gained = message === BETTER;
      if (gained) counts.better += 1;
      idle = gained ? 0 : idle + 1;
      yield { optimizer: NAME, message, share: (step + 1) / LONGEST_RUN };
      if (idle >= PATIENCE) return { stoppedBecause: "no_progress", notes: [summary(counts)] };
    }
  } catch (error) {
    if (!BudgetExhausted.isInstance(error)) throw error;
    return { stoppedBecause: "budget", notes: [summary(counts)] };
  }
  return { stoppedBecause: "finished", notes: [summary(counts)] };
}

interface Example {
  row: Row;
  evaluated: EvaluatedRow;
}

const BETTER = "A variant beat its parent on the minibatch";

/** Half failures where there are enough; scores a first block when the parent has none. */
async function minibatch(parent: Trial, tools: OptimizerTools, random: Random): Promise<Example[]> {
  if (parent.answers.size < MINIBATCH) await tools.evaluate(parent, tools.rows.slice(0, BLOCK));
  const answered = shuffled(random, tools.rows).flatMap((row) => {
    const evaluated = parent.answers.get(row.id);
    return evaluated ? [{ row, evaluated }] : [];
  });
  const failures = answered.filter(({ evaluated }) => evaluated.score < 1).slice(0, MINIBATCH / 2);
  const others = answered.filter((example) => !failures.includes(example));
  return shuffled(random, [...failures, ...others.slice(0, MINIBATCH - failures.length)]);
}

/** The new candidate, or why there is none. */
async function propose(
  task: OptimizationTask,
  tools: OptimizerTools,
  parent: Trial,
  batch: readonly Example[],
): Promise<Candidate | string> {
  const instruction = parent.candidate.components["system_prompt"] ?? "";
  let answer: string;
  try {
    answer = (await tools.propose?.(proposalPrompt(instruction, batch, labels(task.training)))) ?? "";
  } catch (error) {
    if (BudgetExhausted.isInstance(error) || isAbort(error)) throw error;
    return "The proposer's endpoint failed";
  }
  const text = parseProposal(answer);
  if (text === undefined) return "A proposal had no instruction in it";
  const candidate = {
    ...parent.candidate,
    components: { ...parent.candidate.components, system_prompt: text },
  };
  if (tools.book.has(candidate)) return "A proposal changed nothing";
  if (lostLiterals(task.seed, candidate).length > 0) return "A proposal lost a literal of the instruction";
  if (textTokens(candidate) > largestTextTokens(task.seed, DEFAULT_TOKEN_LIMITS)) {
    return "A proposal was too long";
  }
  const trainingTexts = task.training.flatMap((row) => [row.input, row.expected]);
  const previousText = task.seed.components["system_prompt"] ?? "";
  if (copiedText({ text, previousText, trainingTexts }).length > 0) return "A proposal copied an example";
  return candidate;
}

async function tryOut(
  candidate: Candidate,
  parent: Trial,
  batch: readonly Example[],
  tools: OptimizerTools,
): Promise<string> {
  const rows = batch.map((example) => example.row);
  const inputs = rows.map((row) => row.input);
  const trial = tools.book.add({
    candidate,
    family: { selection: "instruction", size: parent.family.size },
    origin: NAME,
    promptTokens: promptCost(candidate, inputs),
  });
  const scores = await tools.evaluate(trial, rows);
  const gain = sum(scores) - sum(batch.map((example) => example.evaluated));
  if (gain <= 0) return "A variant did not beat its parent on the minibatch";
  await tools.evaluate(trial, tools.rows.slice(0, BLOCK));
  return BETTER;
}

function labels(rows: readonly Row[]): string[] {
  const distinct = [...new Set(rows.map((row) => row.expected))].sort();
  return distinct.length <= MOST_LABELS && distinct.length * 2 <= rows.length ? distinct : [];
}

function sum(rows: readonly EvaluatedRow[]): number {
  return rows.reduce((total, row) => total + row.score, 0);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function summary({ tried, unusable, better }: { tried: number; unusable: number; better: number }): string {
  return `Of ${tried} instruction proposals, ${unusable} could not be used and ${better} beat their parent.`;
}
