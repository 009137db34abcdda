import type { Candidate } from "../../candidate.ts";
import { copiedText } from "../../gate/copied-text.ts";
import { lostLiterals } from "../../gate/lost-literals.ts";
import { DEFAULT_TOKEN_LIMITS, largestTextTokens, textTokens } from "../../gate/token-growth.ts";
import { BudgetExhausted } from "../../ledger.ts";
import type { Row } from "../../rows.ts";
import type { OptimizationTask, OptimizerTools } from "../optimizer.ts";
import type { Trial } from "../trial-book.ts";
import type { Example } from "./minibatch.ts";
import { parseProposal } from "./parse-proposal.ts";
import { proposalPrompt } from "./proposal-prompt.ts";

const MOST_LABELS = 100;

/** One rewritten component of the parent, or the sentence that says why there is none. Throws for a spent budget or an abort only. */
export async function proposeChild(
  task: OptimizationTask,
  tools: OptimizerTools,
  parent: Trial,
  component: string,
  batch: readonly Example[],
): Promise<Candidate | string> {
  const text = await ask(task, tools, parent, component, batch);
  if (typeof text !== "string") return text.failure;
  const candidate = {
    ...parent.candidate,
    components: { ...parent.candidate.components, [component]: text },
  };
  return refusal(task, tools, candidate, component) ?? candidate;
}

async function ask(
  task: OptimizationTask,
  tools: OptimizerTools,
  parent: Trial,
  component: string,
  batch: readonly Example[],
): Promise<string | { failure: string }> {
  const current = parent.candidate.components[component] ?? "";
  try {
    const answer = (await tools.propose?.(proposalPrompt(current, batch, labels(task.training)))) ?? "";
    return parseProposal(answer) ?? { failure: "A proposal had no instruction in it" };
  } catch (error) {
    if (BudgetExhausted.isInstance(error) || isAbort(error)) throw error;
    return { failure: "The proposer's endpoint failed" };
  }
}

/** Why the gate would refuse the candidate whatever it scores; undefined when it would not. */
export function refusal(
  task: OptimizationTask,
  { book }: Pick<OptimizerTools, "book">,
  candidate: Candidate,
  component: string,
): string | undefined {
  if (book.has(candidate)) return "A proposal changed nothing";
  if (lostLiterals(task.seed, candidate).length > 0) return "A proposal lost a literal of the instruction";
  if (textTokens(candidate) > largestTextTokens(task.seed, DEFAULT_TOKEN_LIMITS)) {
    return "A proposal was too long";
  }
  const trainingTexts = task.training.flatMap((row) => [row.input, row.expected]);
  const text = candidate.components[component] ?? "";
  const previousText = task.seed.components[component] ?? "";
  if (copiedText({ text, previousText, trainingTexts }).length > 0) return "A proposal copied an example";
  return undefined;
}

/** The outputs that there are, where they are few enough to be labels. */
export function labels(rows: readonly Row[]): string[] {
  const distinct = [...new Set(rows.map((row) => row.expected))].sort();
  return distinct.length <= MOST_LABELS && distinct.length * 2 <= rows.length ? distinct : [];
}

/** True for the error of an aborted signal. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
