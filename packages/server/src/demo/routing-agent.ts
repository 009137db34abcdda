import type { AgentVersionConfig } from "@agent-learning/contract";
import {
  answerWithModel,
  candidateHash,
  createDemonstrationsAgentCache,
  createRandom,
  type LanguageModel,
  renderPrompt,
} from "@agent-learning/learning";
import { toCandidate } from "../learning/index.ts";

/** What the agent's tool did to it. */
export class ToolTimeout extends Error {
  override name = "ToolTimeout";
}

export interface RoutedAnswer {
  output: string;
  /** Milliseconds: the look-up of the ticket, and what the answer took when it was first computed. */
  latencyMs: number;
}

/** The look-up that every request begins with, simulated: log-normal with this median and sigma. */
export const LOOK_UP = { medianMs: 120, sigma: 0.35 };

/** The demo's agent: routes a message to an intent, as its version says. */
export interface RoutingAgent {
  /** @throws ToolTimeout for the share `parameters.fault_rate` of users, who are the same each time */
  answer(config: AgentVersionConfig, unit: string, message: string): Promise<RoutedAnswer>;
}

/**
 * The runtime `demonstrations` answers with the built-in nearest-demonstrations agent; `model` with the language model at temperature
 * 0, whose answers to the same prompt are asked for once.
 */
export function createRoutingAgent(
  labels: readonly string[],
  model: LanguageModel | undefined,
): RoutingAgent {
  const agents = createDemonstrationsAgentCache();
  const known = new Map<string, RoutedAnswer>();
  const compute = async (config: AgentVersionConfig, message: string): Promise<string> => {
    const candidate = toCandidate(config);
    if (config.runtime === "demonstrations")
      return agents.agentFor(candidate, candidateHash(candidate)).answer(message).output;
    if (model === undefined) throw new Error("this version needs a language model");
    const messages = renderPrompt(candidate, message);
    const { text } = await answerWithModel({
      model,
      candidate,
      messages,
      batchId: candidateHash(candidate),
      batchSize: 1,
    });
    return nearestLabel(text, labels);
  };
  return {
    answer: async (config, unit, message) => {
      failSometimes(config, unit);
      const key = `${candidateHash(toCandidate(config))}:${message}`;
      let answer = known.get(key);
      if (answer === undefined) {
        const started = performance.now();
        answer = { output: await compute(config, message), latencyMs: performance.now() - started };
        known.set(key, answer);
      }
      return { output: answer.output, latencyMs: answer.latencyMs + lookUpMilliseconds(unit) };
    },
  };
}

function failSometimes(config: AgentVersionConfig, unit: string): void {
  const rate = config.parameters["fault_rate"];
  if (typeof rate === "number" && createRandom(`fault:${unit}`).next() < rate) {
    throw new ToolTimeout("the ticket system did not answer in time");
  }
}

function lookUpMilliseconds(unit: string): number {
  const random = createRandom(`look-up:${unit}`);
  // Box and Muller's transform: one standard normal from two uniforms.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return LOOK_UP.medianMs * Math.exp(LOOK_UP.sigma * normal);
}

/** The label that a model's answer names; the answer itself where it names none, which is then wrong. */
export function nearestLabel(answer: string, labels: readonly string[]): string {
  const text = answer.trim().toLowerCase();
  const exact = labels.find((label) => label.toLowerCase() === text);
  return exact ?? labels.find((label) => text.includes(label.toLowerCase())) ?? answer.trim().slice(0, 200);
}
