import type { LanguageModel, Random } from "../../ports.ts";
import { shuffled } from "../../random.ts";
import { answerWithModel, maximumAnswerTokens } from "../answer-with-model.ts";
import { type Candidate, candidateHash } from "../candidate.ts";
import { estimatePromptTokens } from "../estimate-tokens.ts";
import type { ComparePair } from "../judge/pairwise-judge.ts";
import type { Ledger } from "../ledger.ts";
import { renderPrompt } from "../render-prompt.ts";
import { type DuelSelection, selectByDuels } from "./select-by-duels.ts";

export interface AnswererOptions {
  model: LanguageModel;
  /** Counts the answers; one that is asked for again is not asked again. */
  ledger: Ledger;
  signal?: AbortSignal | undefined;
}

export type AnswerAs = (candidate: Candidate, input: string) => Promise<string>;

/** Answers inputs as candidates would, each once. @throws BudgetExhausted before a call that the ledger does not carry */
export function createCandidateAnswers({ model, ledger, signal }: AnswererOptions): AnswerAs {
  const known = new Map<string, string>();
  return async (candidate, input) => {
    const hash = candidateHash(candidate);
    const key = `${hash}\n${input}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const messages = renderPrompt(candidate, input);
    const reservation = ledger.reserve(
      "task",
      estimatePromptTokens(messages) + maximumAnswerTokens(candidate),
    );
    try {
      const answer = await answerWithModel({
        model,
        candidate,
        messages,
        batchId: hash,
        batchSize: 1,
        signal,
      });
      reservation.settle(answer.usage);
      known.set(key, answer.text);
      return answer.text;
    } catch (error) {
      reservation.fail();
      throw error;
    }
  };
}

export interface DuelCandidatesOptions {
  candidates: readonly Candidate[];
  /** Inputs that no candidate shows; the duels go through them again and again, in an order of chance. */
  inputs: readonly string[];
  answer: AnswerAs;
  judge: ComparePair;
  random: Random;
  /** Comparisons at most. */
  duels: number;
  signal?: AbortSignal | undefined;
}

/** Chooses among candidates by which answers are preferred, where nobody knows the right ones. Ends where the budget does. */
export async function duelCandidates(options: DuelCandidatesOptions): Promise<DuelSelection> {
  const { candidates, answer, judge, random, duels, signal } = options;
  if (options.inputs.length === 0) throw new RangeError("there must be an input to compare answers on");
  const inputs = shuffled(random.fork("inputs"), options.inputs);
  return await selectByDuels({
    candidates: candidates.length,
    duels,
    random: random.fork("duels"),
    compare: async (first, second, duel) => {
      signal?.throwIfAborted();
      const input = inputs[duel % inputs.length] as string;
      const [one, other] = [candidates[first] as Candidate, candidates[second] as Candidate];
      return judge({ input, first: await answer(one, input), second: await answer(other, input) }, signal);
    },
  });
}
