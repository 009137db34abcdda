import {
  answerWithModel,
  type Candidate,
  candidateHash,
  createDemonstrationsAgent,
  type LanguageModel,
  renderPrompt,
} from "@agent-learning/learning";

/** Answers one input. */
export type Answerer = (input: string) => Promise<string>;

/** Answers as a candidate would in production. Undefined: it needs a model, and there is none. */
export function createAnswerer(
  candidate: Candidate,
  model: LanguageModel | undefined,
  signal?: AbortSignal,
): Answerer | undefined {
  if (candidate.runtime === "demonstrations") {
    const agent = createDemonstrationsAgent(candidate);
    return async (input) => agent.answer(input).output;
  }
  if (model === undefined) return undefined;
  const batchId = candidateHash(candidate);
  return async (input) => {
    const messages = renderPrompt(candidate, input);
    return (await answerWithModel({ model, candidate, messages, batchId, batchSize: 1, signal })).text;
  };
}
